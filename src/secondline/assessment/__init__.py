"""One patient to strata, options, outlook, cautions and missing facts."""
