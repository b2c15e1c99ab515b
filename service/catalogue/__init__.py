"""What this service has, for catalogues and crawlers: DCAT, VoID, sitemap, robots.txt."""
