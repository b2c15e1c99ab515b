// The query page. Without it, the page has a text area, a button, tables, pictures and downloads.
import "./parts/query/copy-code";
import "./parts/query/query-editor";
import "./parts/query/query-history";
import "./parts/query/query-page";
import "./parts/query/result-table";
import "./parts/query/side-list";
