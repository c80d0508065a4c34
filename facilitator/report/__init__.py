"""Reports: a document is built once (`session`, `cohort`) and written as HTML, Markdown or Word (`html`, `markdown`, `word`)."""
