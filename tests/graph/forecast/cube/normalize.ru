# The normalization of the recommendation (RDF Data Cube, 10): first types, then properties.
INSERT { ?obs a qb:Observation } WHERE { ?obs qb:dataSet ?cube } ;
INSERT { ?cube a qb:DataSet } WHERE { ?obs qb:dataSet ?cube } ;
INSERT { ?slice a qb:Slice } WHERE { ?cube qb:slice ?slice } ;
INSERT { ?component qb:componentProperty ?property ; a qb:ComponentSpecification .
         ?property a qb:DimensionProperty }
WHERE { ?component qb:dimension ?property } ;
INSERT { ?component qb:componentProperty ?property . ?property a qb:MeasureProperty }
WHERE { ?component qb:measure ?property } ;
INSERT { ?component qb:componentProperty ?property . ?property a qb:AttributeProperty }
WHERE { ?component qb:attribute ?property } ;
INSERT { ?obs qb:dataSet ?cube } WHERE { ?cube qb:slice/qb:observation ?obs } ;
INSERT { ?obs ?property ?value }
WHERE {
  ?structure qb:component ?component .
  ?component qb:componentProperty ?property ; qb:componentAttachment qb:DataSet .
  ?cube qb:structure ?structure ; ?property ?value .
  ?obs qb:dataSet ?cube .
} ;
INSERT { ?obs ?property ?value }
WHERE {
  ?structure qb:component ?component .
  ?component qb:componentProperty ?property ; qb:componentAttachment qb:Slice .
  ?cube qb:structure ?structure ; qb:slice ?slice .
  ?slice ?property ?value ; qb:observation ?obs .
}
