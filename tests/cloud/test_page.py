"""GET /O/<TOKEN>: the page in every state and language, its headers, and what strangers get."""
import os, re, secrets, subprocess, sys, time, unittest
from endpoint import *

PROGRAM = sys.argv.pop(1)
FOLDER = os.path.abspath("page-" + secrets.token_hex(4))

SAYS = {  # stage -> the sentence in English, French, Japanese
    "confirmed": ("We have your order.", "C'est noté.", "ご注文を承りました。"),
    "awaiting_details": ("Please see us at the counter.", "Passez nous voir au comptoir.",
                         "カウンターまでお越しください。"),
    "in_production": ("We are working on it now.", "Nous y travaillons en ce moment.",
                      "ただいまお作りしております。"),
    "quality_check": ("Made; we are looking at every detail.",
                      "C'est fait ; nous vérifions chaque détail.", "仕上がりを確認しております。"),
    "ready": ("It is ready.", "C'est prêt.", "仕上がりました。"),
    "on_hold": ("We have a question for you.", "Nous avons une question pour vous.",
                "ご確認したいことがございます。"),
}
FORBIDDEN = re.compile(r"error|failed|rejected|not connected|in_production|quality_check|on_hold|"
                       r"awaiting_details", re.I)


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cloud = Endpoint(PROGRAM, FOLDER, "--base-url", "https://status.example",
                             "--log-requests")
        cls.shop = cls.cloud.add_store("maison/paris-1")
        cls.cloud.start()
        cls.shop.take(cls.shop.profile())

    @classmethod
    def tearDownClass(cls):
        assert cls.cloud.stop() == 0

    def order(self, *stages, scope="buyer", links=None, **opened):
        self.o, self.p, self.t = ulid(), [ulid() for _ in stages], token()
        now = time.time()
        soon = (now + 3600, now + 9000)
        events = [self.shop.opened(self.o, self.p, links or [(self.t, scope)], **opened)]
        for piece, stage in zip(self.p, stages):
            how = {"promise": soon, "version": 5}
            if isinstance(stage, tuple):
                stage, more = stage
                how.update(more)
            if stage in ("on_hold", "cancel_requested"):
                how.setdefault("back", "in_production")
            events.append(self.shop.stage(self.o, piece, stage, **how))
        self.shop.take(*events)
        return self.t

    def read(self, language="en", **how):
        page = self.cloud.page(self.t, language, **how)
        self.assertEqual(page.status, 200)
        return visible(page.text).replace("\u00a0", " ")

    def test_each_stage_has_its_sentence_in_each_language(self):
        for stage, sentences in SAYS.items():
            self.order(stage)
            for language, sentence in zip(("en", "fr", "ja"), sentences):
                with self.subTest(stage=stage, language=language):
                    page = self.cloud.page(self.t, language)
                    self.assertIn(sentence, visible(page.text).replace("\u00a0", " "))
                    self.assertIn(f'<html lang="{language}">', page.text)
                    self.assertEqual(page.headers["content-language"], language)
                    self.assertIsNone(FORBIDDEN.search(visible(page.text)))

    def test_what_matters_is_on_the_page(self):
        self.order("in_production", "ready", "confirmed")
        text = self.read()
        for part in (order_code(), "1 of 3 ready", "Maison Atelier", "12 rue de la Paix",
                     "+33 1 42 68 00 00", "As of"):
            self.assertIn(part, text)
        html = self.cloud.page(self.t).text
        self.assertIn('href="tel:+33142680000"', html)
        self.assertIn('href="https://maps.example/?q=maison&amp;z=1"', html)
        self.assertEqual(html.count('aria-current="step"'), 1)
        self.assertEqual(html.count("<h1"), 1)

    def test_neighbours_that_read_the_same_share_a_row(self):
        self.order("ready", "ready", "in_production")
        self.assertIn("Embroidery × 2 Ready", self.read())

    def test_on_hold_gives_the_telephone_number(self):
        self.order("on_hold")
        self.assertIn("Please see us or call +33 1 42 68 00 00.", self.read())

    def test_late_says_both_times_and_sorry(self):
        now = time.time()
        self.order(("in_production", {"promise": (now + 5000, now + 7200),
                                      "said": (now + 60, now + 3600), "is_late": True}))
        self.assertRegex(self.read(), r"It takes longer than we said: about .*\d:\d\d, not .*\d:\d\d\. "
                                      r"We are sorry\.")

    def test_a_gift_link_has_a_silent_title_and_the_buyer_another(self):
        gift, buyer = token(), token()
        self.order("ready", links=[(buyer, "buyer"), (gift, "gift")])
        title = lambda t: re.search("<title>(.*?)</title>", self.cloud.page(t).text)[1]
        self.assertEqual(title(gift), "Maison Atelier")
        self.assertEqual(title(buyer), "Maison Atelier · Your order")

    def test_practice_is_marked(self):
        self.order("ready", is_training=True)
        self.assertIn('id="training"', self.cloud.page(self.t).text)

    def test_a_class_shows_no_journey(self):
        self.order("confirmed", kind="seat", what={"en": "Floral class"})
        self.assertIn("Your seat is kept for you.", self.read())
        self.assertNotIn("<ol", self.cloud.page(self.t).text)
        self.assertIn("Floral class", self.read("fr"))

    def test_the_link_chooses_before_the_browser_and_the_order_last(self):
        self.order("confirmed", language="fr")
        lang = lambda path, accept: self.cloud.ask("GET", path, headers=accept and {
            "Accept-Language": accept} or {}).headers["content-language"]
        path = "/O/" + self.t
        self.assertEqual(lang(path, "ja,en;q=0.5"), "ja")
        self.assertEqual(lang(path, "de-DE, fr;q=0.8, en;q=0.9"), "en")
        self.assertEqual(lang(path + "?l=ja", "en"), "ja")
        self.assertEqual(lang(path + "?l=xx", "en"), "en")
        self.assertEqual(lang(path, ""), "fr")
        self.assertEqual(lang(path, "tlh"), "fr")

    # Links.

    def test_lower_case_and_confused_letters_lead_to_the_one_address(self):
        self.t = "0101" + token()[4:]
        now, self.o, piece = time.time(), ulid(), ulid()
        self.shop.take(self.shop.opened(self.o, [piece], [(self.t, "buyer")]))
        for spelling in ("/o/" + self.t.lower(), "/O/oLoI" + self.t[4:], "/o/" + self.t,
                         "/O/" + self.t[:5] + "-" + self.t[5:]):
            answer = self.cloud.ask("GET", spelling)
            self.assertEqual(answer.status, 308, spelling)
            self.assertEqual(answer.headers["location"], "../O/" + self.t)
        self.assertEqual(self.cloud.ask("GET", "/o/" + self.t + "?l=fr").headers["location"],
                         f"../O/{self.t}?l=fr")
        self.assertEqual(self.cloud.page(self.t).status, 200)

    def test_unknown_revoked_and_malformed_get_the_same_bytes(self):
        self.order("ready")
        revoked = self.t
        self.shop.take(self.shop.event("atelier.order.links.v1", f"order/{self.o}", {"links": []}))
        answers = [self.cloud.page(t) for t in
                   (token(), revoked, "x", revoked + "/x.css", revoked + "A", "U" * 26, "%00", "%2e",
                    "<script>", "';%20DROP%20TABLE", "A" * 2000)]
        bare = [{k: v for k, v in a.headers.items() if k != "date"} for a in answers]
        for answer, headers in zip(answers, bare):
            self.assertEqual(answer.status, 404)
            self.assertEqual(answer.body, answers[0].body)
            self.assertEqual(headers, bare[0])
        self.assertIn("We have no news of this order yet.", visible(answers[0].text))

    def test_paths_of_nothing_are_the_same_friendly_404(self):
        for path in ("/", "/robots.txt", "/O/", "/O", "/../etc/passwd", "/v1", "//O/" + token()):
            self.assertEqual(self.cloud.ask("GET", path).status, 404, path)

    def test_an_erased_order_is_410_with_help(self):
        self.order("collected")
        self.shop.take(self.shop.event("atelier.order.erased.v1", f"order/{self.o}", {}))
        page = self.cloud.page(self.t)
        self.assertEqual(page.status, 410)
        self.assertIn("Please see us if you have a question.", visible(page.text))
        self.assertIn("+33", visible(page.text))

    # HTTP.

    def test_headers_keep_the_page_private_and_tight(self):
        self.order("ready")
        for page, cache in ((self.cloud.page(self.t), True), (self.cloud.page(token()), False)):
            headers = page.headers
            self.assertEqual(headers["content-type"], "text/html; charset=utf-8")
            self.assertEqual(headers["referrer-policy"], "no-referrer")
            self.assertEqual(headers["x-content-type-options"], "nosniff")
            self.assertEqual(headers["x-robots-tag"], "noindex, nofollow, noarchive")
            self.assertEqual(headers["cache-control"], "private, no-cache")
            self.assertEqual(headers["strict-transport-security"], "max-age=31536000")
            self.assertEqual("etag" in headers, cache)
            self.assertNotIn("set-cookie", headers)
            self.assertNotIn("server", headers)
            policy = dict(part.strip().split(" ", 1)
                          for part in headers["content-security-policy"].split(";"))
            self.assertEqual(policy["default-src"], "'none'")
            self.assertEqual(policy["frame-ancestors"], "'none'")
            self.assertNotIn("unsafe", headers["content-security-policy"])

    def test_the_policy_allows_exactly_the_style_and_script_that_are_there(self):
        import base64
        self.order("ready")
        page = self.cloud.page(self.t)
        for tag, directive in (("style", "style-src"), ("script", "script-src")):
            found = re.findall(f"<{tag}>(.*?)</{tag}>", page.text, re.S)
            self.assertEqual(len(found), 1)
            digest = base64.b64encode(hashlib.sha256(found[0].encode()).digest()).decode()
            self.assertIn(f"{directive} 'sha256-{digest}'", page.headers["content-security-policy"])
            self.assertLessEqual(len(found[0]), {"script": 2048, "style": 6000}[tag])
        self.assertNotRegex(page.text, r"<[^>]* (style|on\w+)=")

    def test_nothing_is_loaded_from_anywhere(self):
        self.order("ready")
        html = self.cloud.page(self.t).text
        self.assertNotRegex(html, r"<(link|img|iframe|object|embed|script [^>]*src)")
        self.assertNotRegex(html, r"@import|url\(")
        self.assertNotIn(self.t, html)

    def test_head_is_get_without_a_body(self):
        self.order("ready")
        head, get = self.cloud.ask("HEAD", "/O/" + self.t), self.cloud.ask("GET", "/O/" + self.t)
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(head.headers["content-length"], str(len(get.body)))
        self.assertEqual(head.headers["etag"], get.headers["etag"])

    def test_other_methods_are_405(self):
        self.order("ready")
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            answer = self.cloud.ask(method, "/O/" + self.t, b"x")
            self.assertEqual((answer.status, answer.headers["allow"]), (405, "GET, HEAD"))

    def test_an_unchanged_page_is_304_and_a_changed_one_is_not(self):
        self.order("in_production")
        etag = self.cloud.page(self.t).headers["etag"]
        again = self.cloud.page(self.t, headers={"If-None-Match": etag})
        self.assertEqual((again.status, again.body), (304, b""))
        self.assertEqual(again.headers["etag"], etag)
        self.shop.take(self.shop.stage(self.o, self.p[0], "ready", 6))
        changed = self.cloud.page(self.t, headers={"If-None-Match": etag})
        self.assertEqual(changed.status, 200)
        self.assertNotEqual(changed.headers["etag"], etag)
        other = self.cloud.page(self.t, "fr")
        self.assertNotEqual(other.headers["etag"], changed.headers["etag"])

    def test_a_change_is_on_the_page_of_the_next_request(self):
        self.order("confirmed")
        for version, stage in enumerate(("in_production", "quality_check", "ready"), 6):
            self.shop.take(self.shop.stage(self.o, self.p[0], stage, version))
            self.assertIn(SAYS[stage][0], self.read())

    def test_every_page_is_within_14_kib(self):
        self.order(*["ready", "in_production", "confirmed"] * 20)
        for language in ("en", "fr", "ja"):
            self.assertLessEqual(len(self.cloud.page(self.t, language).body), 14 * 1024)

    # Hostile.

    def test_what_the_shop_is_called_cannot_become_markup(self):
        evil = self.cloud.add_store("maison/evil-" + secrets.token_hex(3))
        bad = "<script>alert(1)</script>\"'&\u202e\x07"
        order, piece, link = ulid(), ulid(), token()
        answer = evil.send([evil.profile(name=bad, phone=bad, address=bad),
                            evil.opened(order, [piece], [(link, "buyer")], what={"en": bad}),
                            evil.stage(order, piece, "on_hold", 2, back="confirmed")])
        self.assertEqual(answer.status, 200)
        page = self.cloud.page(link)
        if page.status == 200:  # the parser may refuse it first, and then there is no such order
            body = page.text[page.text.index("</style>"):page.text.rindex("<script>")]
            self.assertNotIn("<script", body)
            self.assertNotRegex(body, "[\u202e\x07]")

    def test_a_map_link_of_another_scheme_is_not_shown(self):
        evil = self.cloud.add_store("maison/evil-" + secrets.token_hex(3))
        order, piece, link = ulid(), ulid(), token()
        evil.send([evil.profile(map_url="javascript:alert(1)"),
                   evil.opened(order, [piece], [(link, "buyer")])])
        self.assertNotIn("javascript:", self.cloud.page(link).text)

    def test_a_huge_head_is_refused_and_the_next_guest_is_served(self):
        answer = self.cloud.ask("GET", "/O/" + token(), headers={"X-Fat": "x" * 60_000})
        self.assertGreaterEqual(answer.status, 400)
        self.assertEqual(self.cloud.ask("GET", "/v1/health").status, 200)

    def test_logs_hold_six_characters_of_a_token_and_no_more(self):
        self.order("ready")
        self.cloud.page(self.t)
        self.cloud.page(self.t.lower())
        log = self.cloud.log()
        self.assertIn(f'path="/O/{self.t[:6]}"', log)
        self.assertNotIn(self.t[:7].lower(), log.lower())
        self.assertNotIn(sha256(self.t), log)


class Colours(unittest.TestCase):
    def test_text_has_a_contrast_of_4_5_in_light_and_dark(self):
        here = os.path.dirname(os.path.abspath(__file__))
        with open(os.path.join(here, "../../cloud/page.css")) as file:
            schemes = re.findall(r":root\{(--paper.*?)\}", file.read())[:2]
        self.assertEqual(len(schemes), 2)

        def light(colour):
            colour = colour if len(colour) == 6 else "".join(c * 2 for c in colour)
            parts = [int(colour[i:i + 2], 16) / 255 for i in (0, 2, 4)]
            parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

        for scheme in schemes:
            colours = dict(re.findall(r"--(\w+):#(\w+)", scheme))
            for paper in ("paper", "card"):
                for ink in ("ink", "soft", "thread"):
                    a, b = sorted((light(colours[paper]), light(colours[ink])))
                    self.assertGreaterEqual((b + 0.05) / (a + 0.05), 4.5, (paper, ink, scheme))


if __name__ == "__main__":
    unittest.main(verbosity=2)
