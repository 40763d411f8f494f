"""HL7 FHIR R4: the pathways as resources that a hospital's system reads."""
