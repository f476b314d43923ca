"""What MkDocs does not know of: pages of the repository outside of docs, and links to them and to sources.

A link in any page is a path in the repository, as on the repository's own pages. To a page it becomes a link within the site, to
anything else one to the repository's page, whose address pom.xml has (`text2video.url`; there is no public one yet). A link to what
is not in the repository is a warning, and so an error of a strict build. MkDocs itself checks anchors.
"""

import logging
import posixpath
import re
import subprocess
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from mkdocs.structure.files import File

log = logging.getLogger("mkdocs.hooks.repository")
home = Path(__file__).resolve().parents[2]
NAMES = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}


def repository_files():
    listed = ["git", "-C", home, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split("\0")
    return {name for name in names if name and (home / name).exists()}


def site_source(name):
    """Where a file of the repository is among the site's sources, None if it is not."""
    if name.startswith("docs/"):
        return name.removeprefix("docs/")
    return NAMES.get(name, name.lstrip(".")) if name.endswith(".md") else None


class Links(Treeprocessor):
    """Turns paths in the repository into links of the site."""

    files = repository_files()
    folders = {str(parent) for name in files for parent in Path(name).parents}
    names = {site_source(name): name for name in files if site_source(name)}
    repository = ""
    page = ""

    def run(self, root):
        for element in root.iter():
            for attribute in {"a": ["href"], "img": ["src"]}.get(element.tag, []):
                if element.get(attribute):
                    element.set(attribute, self.link(element.get(attribute)))

    def link(self, url):
        parts = urlsplit(url)
        if parts.scheme or parts.netloc:
            if parts.scheme not in ("http", "https") or "." not in parts.netloc:
                self.warn(url, "is no address of a page")
            return url
        if not parts.path:
            return url
        page = self.names[self.page]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path)))
        if f"{target}/README.md" in self.names.values():
            target += "/README.md"
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        if target in self.files and site_source(target):
            return quote(posixpath.relpath(site_source(target), posixpath.dirname(self.page))) + fragment
        if target in self.files:
            return f"{self.repository}/blob/HEAD/{quote(target)}{fragment}"
        if target in self.folders:
            return f"{self.repository}/tree/HEAD/{quote(target)}"
        self.warn(url, f"is not in the repository, as {target}")
        return self.repository

    def warn(self, url, reason):
        log.warning(f"{self.names[self.page]}: the link '{url}' {reason}")


class LinksExtension(Extension):
    def extendMarkdown(self, md):
        # Before MkDocs' own, which has 0 and looks at what this one leaves.
        md.treeprocessors.register(Links(md), "repository", 1)


def on_config(config):
    config.repo_url = Links.repository = re.search("<text2video.url>(.*)</text2video.url>", (home / "pom.xml").read_text())[1]
    config.markdown_extensions.append(LinksExtension())
    return config


def on_files(files, config):
    for source, name in sorted(Links.names.items()):
        if not name.startswith("docs/"):
            files.append(File.generated(config, source, abs_src_path=str(home / name)))
    return files


def on_page_markdown(markdown, page, config, files):
    Links.page = page.file.src_uri
    return markdown
