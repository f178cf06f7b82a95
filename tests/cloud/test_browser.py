"""The page in a real browser: it changes by itself, loads nothing else, and fits a small screen."""
import os, secrets, sys, time, unittest
import browser
from browser import Browser
from endpoint import *

PROGRAM = sys.argv.pop(1)
FOLDER = os.path.abspath("browser-" + secrets.token_hex(4))
# Size of the smallest link, and whether anything is wider than the screen.
FITS = "document.documentElement.scrollWidth <= innerWidth"
SMALLEST = ("Math.min(...[...document.querySelectorAll('a')].map(a => "
            "Math.min(a.getBoundingClientRect().height, a.getBoundingClientRect().width)))")


class Guest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cloud = Endpoint(PROGRAM, FOLDER)
        cls.shop = cls.cloud.add_store("maison/paris-1")
        cls.cloud.start()
        cls.shop.take(cls.shop.profile())
        cls.base = f"http://127.0.0.1:{cls.cloud.port}/O/"

    @classmethod
    def tearDownClass(cls):
        assert cls.cloud.stop() == 0

    def setUp(self):
        now = time.time()
        self.order, self.piece, self.link = ulid(), ulid(), token()
        self.soon = (now + 3600, now + 9000)
        self.shop.take(self.shop.opened(self.order, [self.piece], [(self.link, "buyer")]),
                       self.stage("confirmed", 1))

    def stage(self, stage, version):
        return self.shop.stage(self.order, self.piece, stage, version, promise=self.soon)

    def test_the_next_sentence_comes_by_itself_within_two_seconds(self):
        with Browser() as page:
            page.open(self.base + self.link + "?l=en")
            self.assertIn("We have your order.", page.text())
            page.value("window.mark = 1")
            for version, (stage, sentence) in enumerate((
                    ("in_production", "We are working on it now."),
                    ("quality_check", "Made; we are looking at every detail."),
                    ("ready", "It is ready."), ("collected", "It is with you.")), 2):
                self.shop.take(self.stage(stage, version))
                took = page.wait_for(sentence, 2)
                print(f"{stage}: on the page after {took * 1000:.0f} ms", file=sys.stderr)
            self.assertEqual(page.value("window.mark"), 1, "the page was loaded anew")
            self.assertEqual(page.value("document.querySelectorAll('h1').length"), 1)
            self.assertEqual(page.value("document.querySelector('main').className"), "end")

    def test_it_finds_the_endpoint_again_after_a_restart(self):
        with Browser() as page:
            page.open(self.base + self.link + "?l=en")
            port = self.cloud.port
            self.cloud.stop()
            self.cloud.start(port)
            self.shop.take(self.stage("ready", 3))
            page.wait_for("It is ready.", 8)

    def test_without_scripts_it_is_whole_and_asks_again_by_itself(self):
        with Browser(scripts=False) as page:
            page.open(self.base + self.link + "?l=en")
            self.assertIn("We have your order.", page.text())
            self.assertIn(order_code(), page.text())
            self.assertIn("noscript", self.cloud.page(self.link).text)

    def test_nothing_but_the_page_is_asked_for_and_nothing_breaks_the_policy(self):
        with Browser() as page:
            page.call("Network.enable")
            page.call("Log.enable")
            page.open(self.base + self.link)
            names = page.value("performance.getEntriesByType('resource').map(e => e.name)")
            self.assertEqual([n for n in names if self.link not in n and "favicon" not in n], [])
            asked = [e["params"]["request"]["url"] for e in page.events
                     if e["method"] == "Network.requestWillBeSent"]
            self.assertGreater(len(asked), 0)
            self.assertEqual([u for u in asked if not u.startswith(self.base)
                              and not u.endswith("/favicon.ico")], [])
            said = [e["params"]["entry"]["text"] for e in page.events
                    if e["method"] == "Log.entryAdded"]
            self.assertEqual([t for t in said if "Content Security Policy" in t], [])
            self.assertEqual(page.value("getComputedStyle(document.body).margin"), "0px")

    def test_it_fits_320_pixels_in_each_language_and_links_can_be_tapped(self):
        with Browser(320, 640) as page:
            for stage, version in (("on_hold", 2), ("ready", 3)):
                self.shop.take(self.shop.stage(self.order, self.piece, stage, version,
                                               back="confirmed" if stage == "on_hold" else None))
                for language in ("en", "fr", "ja"):
                    page.open(f"{self.base}{self.link}?l={language}")
                    self.assertTrue(page.value(FITS), (stage, language))
                    self.assertGreaterEqual(page.value(SMALLEST), 24, (stage, language))

    def test_large_letters_still_fit(self):
        with Browser(320, 640) as page:
            page.open(self.base + self.link)
            page.value("document.documentElement.style.fontSize = '200%'")
            self.assertTrue(page.value(FITS))

    def test_dark_is_dark(self):
        with Browser(dark=True) as page:
            page.open(self.base + self.link)
            self.assertEqual(page.value("getComputedStyle(document.body).backgroundColor"),
                             "rgb(22, 20, 18)")


if __name__ == "__main__":
    if not browser.find():
        print("SKIP: there is no chromium: packaging/install-packages test")
        sys.exit(77)
    unittest.main(verbosity=2)
