"""Opens a report in a headless browser: report_test.py WRITE_REPORT

Every chart is drawn, no script fails, nothing is fetched, and the page is never wider than the
window. The browser has no network to fall back on: it is sent to a proxy that is not there.
"""
import html.parser
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--proxy-server=127.0.0.1:9", "--virtual-time-budget=20000", "--enable-logging=stderr"]

# Appended to the page for a test of its width; a page of ours has no such element.
PROBE = """<script>addEventListener("load", () => setTimeout(() => {
  document.documentElement.dataset.tooWide =
      String(document.documentElement.scrollWidth > document.documentElement.clientWidth);
}, 4000));</script>"""


class Page(html.parser.HTMLParser):
    """What the tests ask of a page: its figures, what they hold, and what it refers to."""

    def __init__(self, text):
        super().__init__()
        self.charts, self.drawn, self.errors, self.references = 0, 0, [], []
        self.in_chart = False
        self.theme = None
        self.too_wide = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "html":
            self.theme = attributes.get("data-theme")
            self.too_wide = attributes.get("data-too-wide")
        if "data-chart" in attributes:
            self.charts += 1
            self.in_chart = True
        if tag == "svg" and self.in_chart:
            self.drawn += 1
            self.in_chart = False
        if "script-error" in attributes.get("class", ""):
            self.errors.append(attributes)
        for name in ("src", "href", "xlink:href", "poster", "action"):
            if name in attributes:
                self.references.append((tag, attributes[name]))


def open_page(folder, path, width=1280, fragment=""):
    profile = tempfile.mkdtemp(dir=folder)
    command = [BROWSER, *FLAGS, f"--user-data-dir={profile}", f"--window-size={width},900",
               "--dump-dom", path.as_uri() + fragment]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True,
                          env={**os.environ, "HOME": profile})
    return done.stdout, done.stderr


@unittest.skipUnless(BROWSER, "no Chromium here")
class ReportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        cls.path = pathlib.Path(cls.folder.name) / "report.html"
        subprocess.run([PROGRAM, cls.path], check=True, timeout=60)
        cls.text = cls.path.read_text(encoding="utf-8")
        dom, cls.log = open_page(cls.folder.name, cls.path)
        cls.page = Page(dom)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_every_chart_is_drawn(self):
        self.assertGreater(self.page.charts, 20)
        self.assertEqual(self.page.drawn, self.page.charts)

    def test_no_script_fails(self):
        self.assertEqual(self.page.errors, [])
        console = [line for line in self.log.splitlines() if ":CONSOLE" in line]
        self.assertEqual(console, [])

    def test_nothing_is_fetched(self):
        for tag, reference in self.page.references:
            with self.subTest(tag=tag):
                if tag == "a":
                    self.assertNotRegex(reference, r"^\s*javascript:")
                else:
                    self.assertRegex(reference, r"^(data:|#)")
        self.assertNotRegex(self.text, r"@import|<link\b|<iframe\b")
        self.assertIn("default-src &#39;none&#39;", self.text)
        for address in re.findall(r"url\(([^)]*)\)", self.text.split("</style>")[0]):
            self.assertRegex(address, r"^\"?#")

    def test_is_never_wider_than_a_small_window(self):
        probed = self.path.with_name("probed.html")
        probed.write_text(self.text.replace("</body>", PROBE + "</body>"), encoding="utf-8")
        # A headless window is at least 500 wide, so the page is put into a frame of 380.
        frame = self.path.with_name("frame.html")
        frame.write_text(f'<body style="margin:0"><iframe id="f" src="{probed.name}" '
                         'style="width:380px;height:900px;border:0"></iframe>'
                         '<script>setTimeout(() => { document.documentElement.dataset.tooWide ='
                         ' f.contentDocument.documentElement.dataset.tooWide; }, 9000);</script>',
                         encoding="utf-8")
        command_flag = "--allow-file-access-from-files"
        FLAGS.append(command_flag)
        try:
            dom, _ = open_page(self.folder.name, frame)
        finally:
            FLAGS.remove(command_flag)
        self.assertEqual(Page(dom).too_wide, "false")

    def test_an_address_may_ask_for_dark(self):
        dom, _ = open_page(self.folder.name, self.path, fragment="#theme=dark")
        self.assertEqual(Page(dom).theme, "dark")


if __name__ == "__main__":
    unittest.main()
