### load
LOAD <http://127.0.0.1:4321/x>
### load-silent
LOAD SILENT <http://127.0.0.1:4321/x>
### load-into
LOAD <http://127.0.0.1:4321/x> INTO GRAPH <a:g>
### load-silent-into
LOAD SILENT <http://127.0.0.1:4321/x> INTO GRAPH <a:g>
### load-lower-case
load silent <http://127.0.0.1:4321/x> into graph <a:g>
### load-ipv6
LOAD <http://[::1]:4321/x>
### load-name
LOAD <http://localhost:4321/x> INTO GRAPH <a:g>
### load-https
LOAD SILENT <https://127.0.0.1:4321/x>
### load-prefixed
PREFIX e: <http://127.0.0.1:4321/> LOAD e:x
### load-prefixed-into
PREFIX e: <http://127.0.0.1:4321/> LOAD e:x INTO GRAPH e:y
### load-relative
BASE <http://127.0.0.1:4321/> LOAD <x>
### load-comment
LOAD#comment
<http://127.0.0.1:4321/x>
### load-no-spaces
LOAD<http://127.0.0.1:4321/x>
### load-no-spaces-silent
LOADSILENT<http://127.0.0.1:4321/x>INTO GRAPH<a:g>
### load-escaped
L\u004fAD <http://127.0.0.1:4321/x>
### load-escapes-in-the-iri
LOAD <http://127.0.0.1:4321/\u0078>
### load-second
INSERT DATA { <a:s> <a:p> <a:o> } ; LOAD <http://127.0.0.1:4321/x>
### load-after-clear
CLEAR ALL ; LOAD SILENT <http://127.0.0.1:4321/x>
### load-last-of-many
CREATE SILENT GRAPH <a:g> ; DROP SILENT GRAPH <a:h> ; COPY SILENT <a:i> TO <a:j> ; LOAD <http://127.0.0.1:4321/x> INTO GRAPH <a:g>
### load-twice
LOAD <http://127.0.0.1:4321/x> ; LOAD <http://127.0.0.1:4321/y>
### load-file
LOAD <file:///planted/secret.nt>
### load-file-silent
LOAD SILENT <file:///planted/secret.nt> INTO GRAPH <a:g>
### load-file-turtle
LOAD <file:///planted/secret.ttl> INTO GRAPH <a:g>
### load-file-host
LOAD <file://localhost/planted/secret.nt>
### load-file-base
BASE <file:///planted/> LOAD <secret.nt>
### load-passwords
LOAD SILENT <file:///etc/passwd>
### load-environment
LOAD SILENT <file:///proc/self/environ>
### load-ftp
LOAD SILENT <ftp://127.0.0.1:4321/x>
### load-data
LOAD SILENT <data:text/turtle,%3Ca:s%3E%20%3Ca:p%3E%20%3Ca:o%3E>
