### insert-where
INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:4321/x> { ?s ?p ?o } }
### insert-where-silent
INSERT { ?s ?p ?o } WHERE { SERVICE SILENT <http://127.0.0.1:4321/x> { ?s ?p ?o } }
### insert-graph-where
INSERT { GRAPH <a:g> { ?s ?p ?o } } WHERE { SERVICE <http://127.0.0.1:4321/x> { ?s ?p ?o } }
### delete-where
DELETE { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:4321/x> { ?s ?p ?o } }
### delete-insert-where
DELETE { ?s ?p ?o } INSERT { ?s ?p "x" } WHERE { ?s ?p ?o SERVICE SILENT <http://127.0.0.1:4321/x> { } }
### with
WITH <http://data/g> DELETE { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:4321/x> { ?s ?p ?o } }
### using
INSERT { <a:s> <a:p> ?o } USING <http://127.0.0.1:4321/using> WHERE { SERVICE <http://127.0.0.1:4321/x> { ?s ?p ?o } }
### using-alone
INSERT { GRAPH <a:g> { ?s ?p ?o } } USING <http://127.0.0.1:4321/x> WHERE { ?s ?p ?o }
### using-named-alone
INSERT { GRAPH <a:g> { ?s ?p ?o } } USING NAMED <http://127.0.0.1:4321/x> WHERE { GRAPH ?g { ?s ?p ?o } }
### using-file
INSERT { GRAPH <a:g> { ?s ?p ?o } } USING <file:///planted/secret.nt> WHERE { ?s ?p ?o }
### using-named-file
INSERT { GRAPH <a:g> { ?s ?p ?o } } USING NAMED <file:///planted/secret.nt> WHERE { GRAPH ?g { ?s ?p ?o } }
### update-optional
INSERT { <a:s> <a:p> ?o } WHERE { ?s ?p ?o OPTIONAL { SERVICE <http://127.0.0.1:4321/x> { ?a ?b ?c } } }
### update-exists
DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER EXISTS { SERVICE SILENT <http://127.0.0.1:4321/x> { ?s ?p ?o } } }
### update-not-exists
DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER NOT EXISTS { SERVICE <http://127.0.0.1:4321/x> { ?s ?p ?o } } }
### update-minus
INSERT { <a:s> <a:p> ?o } WHERE { ?s ?p ?o MINUS { SERVICE <http://127.0.0.1:4321/x> { ?s ?p ?o } } }
### update-subselect
INSERT { ?s ?p ?o } WHERE { { SELECT * { SERVICE <http://127.0.0.1:4321/x> { ?s ?p ?o } } } }
### update-variable
INSERT { ?s ?p ?o } WHERE { VALUES ?x { <http://127.0.0.1:4321/x> } SERVICE ?x { ?s ?p ?o } }
### update-bound
INSERT { ?s ?p ?o } WHERE { BIND(IRI("http://127.0.0.1:4321/x") AS ?x) SERVICE ?x { ?s ?p ?o } }
### update-prefixed
PREFIX e: <http://127.0.0.1:4321/> INSERT { ?s ?p ?o } WHERE { SERVICE e:x { ?s ?p ?o } }
### update-relative
BASE <http://127.0.0.1:4321/> INSERT { ?s ?p ?o } WHERE { SERVICE <x> { ?s ?p ?o } }
### update-second
INSERT DATA { <a:s> <a:p> <a:o> } ; INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:4321/x> { ?s ?p ?o } }
### update-escaped
INSERT { ?s ?p ?o } WHERE { S\u0045RVICE <http://127.0.0.1:4321/x> { ?s ?p ?o } }
### update-no-spaces
INSERT{?s?p?o}WHERE{SERVICESILENT<http://127.0.0.1:4321/x>{?s?p?o}}
### update-comment
INSERT { ?s ?p ?o } WHERE { SERVICE # {
<http://127.0.0.1:4321/x> { ?s ?p ?o } }
### update-ipv6
INSERT { ?s ?p ?o } WHERE { SERVICE <http://[::1]:4321/x> { ?s ?p ?o } }
### update-file
INSERT { ?s ?p ?x } WHERE { SERVICE SILENT <file:///planted/secret.srj> { ?s ?p ?x } }
### update-function
INSERT { <a:s> <a:p> ?x } WHERE { BIND(<http://127.0.0.1:4321/f>("loot") AS ?x) }
### insert-data-of-addresses
INSERT DATA { GRAPH <http://127.0.0.1:4321/g> { <http://127.0.0.1:4321/s> <file:///planted/secret.nt> <http://127.0.0.1:4321/o> } }
### copy-from-address
COPY SILENT <http://127.0.0.1:4321/x> TO <a:g>
### add-from-file
ADD SILENT <file:///planted/secret.nt> TO <a:g>
### move-from-file
MOVE SILENT <file:///planted/secret.nt> TO <a:g>
### create-address
CREATE SILENT GRAPH <http://127.0.0.1:4321/x>
