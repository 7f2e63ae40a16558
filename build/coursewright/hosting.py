"""Header files for common hosts: what a `<meta>` policy cannot say, and how long to keep what.

Files whose names carry a hash never change and may be kept for ever; pages are asked for again.
GitHub Pages reads none of these, and the site works there too: the hashes and the policy are in
the pages themselves.
"""

FOREVER = "public, max-age=31536000, immutable"
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": "frame-ancestors 'self'",
}
HASHED = ("/assets/runtime/*", "/assets/coursewright/chunks/*", "/assets/coursewright/fonts/*")


def header_files() -> dict[str, str]:
    """`_headers` (Netlify, Cloudflare Pages) and `.htaccess` (Apache), by site path."""
    return {"_headers": netlify(), ".htaccess": apache()}


def netlify() -> str:
    """The `_headers` file of Netlify and Cloudflare Pages."""
    lines = ["/*", *(f"  {name}: {value}" for name, value in EVERYWHERE.items())]
    for path in HASHED:
        lines += [path, f"  Cache-Control: {FOREVER}"]
    lines += ["/assets/runtime/manifest.json", "  ! Cache-Control", "  Cache-Control: no-cache"]
    return "\n".join(lines) + "\n"


def apache() -> str:
    """The `.htaccess` file of Apache."""
    always = "\n".join(f'  Header set {name} "{value}"' for name, value in EVERYWHERE.items())
    return f"""\
AddType text/javascript .js .mjs
AddType font/woff2 .woff2
<IfModule mod_headers.c>
{always}
  <FilesMatch "-[0-9A-Za-z]{{8}}\\.">
    Header set Cache-Control "{FOREVER}"
  </FilesMatch>
</IfModule>
"""
