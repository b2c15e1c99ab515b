"""What must be said with every forecast."""

ESTIMAND_SENTENCE = (
    "Where another publisher of comparable scope would put its figure. Nobody observes the market, "
    "and publishers can all be wrong together: no interval covers that."
)
INTERPOLATED = (
    "Between the years that a publisher prints, constant growth is assumed. Stated growth rates "
    "are no figures and are not pooled."
)
NOMINAL = (
    "Whether prices are nominal or real is not stated, as a rule, and nothing is converted. Past "
    'values are published estimates as well; "actual" is a publisher\'s word.'
)
PROLONGED = (
    "Groups are prolonged beyond their printed years with their own growth; `extrapolated` says "
    "for each year whether none, some or all of them are."
)
BORROWED = (
    "Few publishers print growth here, so the variance between publishers is in part that of other "
    "markets."
)
NO_BAND_FOR_TWO = "Two paths give a range and no interval; one is that of a single source."
SCENARIO = (
    "A scenario of the reader's, not of ours: no source prints enough years to tell one scenario "
    "from another."
)
PARTS = (
    "A share belongs to its year and its base, and is taken as printed. Parts add up to the whole "
    "in every draw; their medians and bounds do not."
)
