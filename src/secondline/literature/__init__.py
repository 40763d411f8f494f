"""Documents of others: PubMed, JATS, PDQ, ClinicalTrials.gov and plain text, read and kept."""
