"""The tables of facts: one for each class, and what stands in their columns.

A column is a title and the properties that it shows, by contracted name; the first column is what
a row is called.
"""

from dataclasses import dataclass

Column = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Spec:
    """The table of a class of facts."""

    title: str
    columns: tuple[Column, ...]
    lead: str = ""


_WHO = ("kg:organisation",)
_VALUE = ("Value", ("kg:valueAsPrinted", "kg:quantity"))
_UNIT = ("Unit", ("sdmx-attribute:unitMeasure",))
_YEAR = ("Year", ("sdmx-dimension:refPeriod",))
_FROM, _TO = ("From", ("kg:fromYear",)), ("To", ("kg:toYear",))
_MARKET, _PLACE = ("Market", ("kg:market",)), ("Place", ("kg:place",))
_SEGMENT = ("Segment", ("kg:segment",))
_KIND, _DATE = ("Kind", ("dct:type",)), ("Date", ("kg:date",))
_TYPE, _DISEASE = ("Therapy type", ("kg:therapyType",)), ("Indication", ("kg:indication",))
_THERAPY, _PURPOSE = ("Therapy", ("kg:therapy",)), ("For", ("kg:purpose",))
_TECHNOLOGY = ("Technology", ("kg:technology",))
_EVENT = ("Event", ("rdfs:label",))
_AGE, _DISEASE_STATUS = ("Age", ("kg:ageGroup",)), ("Disease status", ("kg:diseaseStatus",))
_LINE, _BASIS = ("Line of therapy", ("kg:lineOfTherapy",)), ("What is measured", ("kg:measure",))
#: Whom a therapy is for, besides the disease.
_PATIENTS = (
    *(_AGE, _DISEASE_STATUS, _LINE, ("Biomarker", ("kg:biomarker",))),
    *(("Treated before with", ("kg:priorTherapy",)),),
    ("Treatments before, at least", ("kg:minimumPriorTreatments",)),
)

#: In the order in which they stand on a page, where its template does not say otherwise.
TABLES: dict[str, Spec] = {
    "kg:RegulatoryEvent": Spec(
        "Regulatory events",
        (
            *(_EVENT, _DATE, _KIND, _THERAPY, _TECHNOLOGY, _DISEASE, *_PATIENTS, _PLACE),
            ("Places, counted", ("kg:placeCount",)),
            *(("Applicant", ("kg:applicant",)), ("Regulator", ("kg:regulator",))),
        ),
    ),
    "kg:Launch": Spec(
        "Launches",
        (
            *(_EVENT, _DATE, _KIND, ("Launched", ("kg:launched",)), ("By", _WHO), _PLACE),
            *(_DISEASE, _AGE, _DISEASE_STATUS, _PURPOSE),
        ),
    ),
    "kg:Deal": Spec(
        "Deals",
        (
            *(_EVENT, _DATE, _KIND, ("Parties", ("kg:party",))),
            *(("Licensor", ("kg:licensor",)), ("Licensee", ("kg:licensee",)), _THERAPY),
            *(_TECHNOLOGY, ("Payment", ("kg:payment",)), ("Rights", ("kg:exclusivity",))),
            *(_PURPOSE, _PLACE),
        ),
    ),
    "kg:ClinicalResult": Spec(
        "Clinical results",
        (
            *(_EVENT, _DATE, _THERAPY, ("Phase", ("kg:trialPhase",))),
            *(("Outcome", ("kg:outcome",)), ("Called", ("kg:assessment",)), _VALUE, _UNIT),
            *(_DISEASE, _LINE, ("By", _WHO), ("Published in", ("kg:publishedIn",))),
        ),
    ),
    "kg:Milestone": Spec(
        "Milestones",
        (_EVENT, _DATE, _KIND, ("Of", _WHO), _TECHNOLOGY, _PLACE, _VALUE, _UNIT, _PURPOSE),
    ),
    "kg:Initiative": Spec(
        "Initiatives",
        (
            *(_EVENT, _DATE, _KIND, ("By", (*_WHO, "kg:actorGroup")), _PLACE, _TYPE, _THERAPY),
            *(_DISEASE, _PURPOSE),
        ),
    ),
    "kg:TherapyProfile": Spec(
        "Profile",
        (
            *(("Therapy", ("kg:therapy",)), ("Brand", ("kg:brandName",))),
            *(("Generic name", ("kg:genericName",)), ("Code", ("kg:developmentCode",)), _TYPE),
            *(("Cell source", ("kg:cellSource",)), ("Target", ("kg:target",)), _DISEASE),
            *_PATIENTS,
            *(("Developer", ("kg:developer",)), ("Marketer", ("kg:marketer",))),
            ("Features", ("kg:feature",)),
        ),
    ),
    "kg:TechnologyProfile": Spec(
        "Profile of a technology",
        (
            *(("Technology", ("kg:technology",)), ("Of", _WHO), ("Based on", ("kg:basedOn",))),
            *(_TYPE, ("Cell source", ("kg:cellSource",)), _DISEASE, _PURPOSE),
            ("Features", ("kg:feature",)),
        ),
    ),
    "kg:OrganisationProfile": Spec(
        "Profile",
        (
            *(("Organisation", _WHO), ("Country", ("kg:country",))),
            *(("Described as", ("kg:describedAs",)), ("Specialities", ("kg:speciality",))),
            *(_TYPE, _DISEASE, ("Offerings", ("kg:offering",))),
        ),
    ),
    "kg:OrganisationActivity": Spec(
        "Activities without a dated event",
        (
            *(("Organisation", _WHO), _KIND, _PLACE, _TYPE, _THERAPY, _TECHNOLOGY, _PURPOSE),
            ("Through", ("kg:through",)),
        ),
    ),
    "kg:ValueChainRole": Spec(
        "Roles in the value chain",
        (
            *(("Organisation", _WHO), ("Stage", ("dct:type",)), _PLACE, ("Role", ("kg:role",))),
            *(("Step", ("kg:step",)), _TYPE),
        ),
    ),
    "kg:OrganisationRelation": Spec(
        "Parents, arms, mergers and names",
        (("Organisation", _WHO), _KIND, ("Other", ("kg:relatedOrganisation",)), _PLACE, _DATE),
    ),
    "kg:Listing": Spec(
        "Listed",
        (
            *(("Organisation", _WHO), ("List", ("dct:type",)), ("Position", ("kg:position",))),
            *(("Entry as printed", ("kg:entry",)), _PLACE, ("Role", ("kg:role",))),
            ("In brackets", ("kg:bracketOrganisation", "kg:bracket")),
            ("The brackets mean", ("kg:bracketMeaning",)),
        ),
        lead="A place in a list is no tie to a place.",
    ),
    "kg:Distinction": Spec(
        "First, leading, only",
        (
            *(("Of", ("kg:subject",)), ("Said to be", ("dct:type",)), ("Among", ("kg:scope",))),
            *(_PLACE, _TYPE, _DISEASE),
        ),
        lead="Superlatives in the scope that the report gives them.",
    ),
    "kg:MarketFigure": Spec(
        "Figures",
        (
            *(_MARKET, _SEGMENT, _PLACE, _YEAR, _VALUE, _UNIT, _BASIS),
            ("Scope", ("kg:scopeRelation",)),
        ),
        lead="As printed.",
    ),
    "kg:GrowthRate": Spec(
        "Growth rates", (_MARKET, _SEGMENT, _PLACE, _KIND, _FROM, _TO, _VALUE, _UNIT)
    ),
    "kg:MarketShare": Spec("Shares", (_MARKET, _SEGMENT, _PLACE, _YEAR, _VALUE, _UNIT)),
    "kg:Ranking": Spec(
        "Rankings",
        (
            *(_MARKET, ("Rank", ("dct:type",)), _SEGMENT, _TYPE, _PLACE, _YEAR, _FROM, _TO),
            ("Reasons", ("kg:reason",)),
        ),
    ),
    "kg:UnnamedGroup": Spec(
        "Counted and not named",
        (("Counted", ("kg:counted",)), ("Of", ("kg:holder",)), _VALUE, _PLACE, _DISEASE, _PURPOSE),
    ),
    "kg:Statistic": Spec(
        "Statistics",
        (
            *(("Measure", ("kg:measure",)), _DISEASE, _PLACE, _YEAR, _VALUE, _UNIT),
            *(("Out of", ("kg:base",)), ("Quoted from", ("kg:quotedSource",))),
            ("Of the quotation", ("kg:quotedDate",)),
        ),
    ),
    "kg:RegulatoryRole": Spec(
        "Regulators",
        (
            *(("Regulator", ("kg:regulator",)), _PLACE, ("Role", ("kg:role",))),
            *(("Pathways", ("kg:pathway",)), ("Stage", ("kg:stage",))),
        ),
    ),
    "kg:RegionMembership": Spec(
        "Regions as reports draw them",
        (("Region", ("kg:region",)), ("Counts in", ("kg:member",))),
    ),
    "kg:Segment": Spec(
        "Segments of reports",
        (
            *(("Segment", ("rdfs:label",)), ("Dimension", ("kg:dimension",))),
            *(("Within", ("kg:parentSegment",)), ("Concept", ("kg:concept",))),
            *(("Fit", ("kg:mapping",)), ("As the report sets it", ("dct:type",))),
        ),
    ),
    "kg:Factor": Spec(
        "Drivers, restraints, trends",
        (
            *(("Factor", ("kg:factor",)), _KIND, _MARKET, _SEGMENT, _PLACE, _TYPE, _DISEASE),
            *(("Companies", (*_WHO, "kg:companyTier")), ("Effect of", ("kg:impactOf",))),
        ),
        lead="In short words of ours.",
    ),
    "kg:Announcement": Spec(
        "Announced for the full report",
        (
            *(("Topic", ("kg:topic",)), _KIND, _MARKET, ("Dimension", ("kg:dimension",))),
            *(_BASIS, _UNIT, _FROM, _TO),
        ),
    ),
    "kg:Reference": Spec(
        "Named as a source by a report",
        (
            *(("Name as printed", ("kg:name",)), ("Category", ("dct:type",)), _PURPOSE),
            ("Organisation", _WHO),
        ),
    ),
    "kg:Credit": Spec(
        "Credits",
        (
            *(("Person", ("kg:person",)), ("Role", ("dct:type",))),
            *(("Described as", ("kg:describedAs",)), ("Field", ("kg:speciality",))),
            *(_VALUE, _UNIT),
        ),
    ),
    "kg:ReportDetail": Spec(
        "What the report says of itself",
        (("Detail", ("dct:type",)), ("As printed", ("kg:detailValue",)), _FROM, _TO),
    ),
    "kg:NameUse": Spec(
        "Called",
        (("Name as printed", ("kg:name",)), ("Of", ("kg:entity",))),
    ),
    "kg:QualityNote": Spec(
        "Doubts",
        (("Doubt", ("rdfs:comment",)), ("Kind", ("dct:type",)), ("About", ("kg:about",))),
        lead="Ours, about what a report says; nothing is changed.",
    ),
}
#: What a timeline has already.
EVENTS = tuple(list(TABLES)[:6])
NUMBERS = frozenset(
    {"Value", "Position", "Year", "From", "To", "Treatments before, at least", "Places, counted"}
)
#: Properties whose values are dates of ISO 8601-2, which people read in words.
DATES = frozenset({"kg:date", "kg:quotedDate"})
