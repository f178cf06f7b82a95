"""A headless Chromium driven over its debugging pipe: a page as a guest's phone shows it."""
import base64, json, os, select, shutil, signal, subprocess, tempfile, time

FLAGS = ("--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars "
         "--disable-background-networking --disable-component-update --disable-sync "
         "--disable-dev-shm-usage").split()


def find():
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Browser:
    """Use with `with`. One page; width and height in CSS pixels."""

    def __init__(self, width=390, height=844, scripts=True, dark=False):
        self.size, self.scripts, self.dark = (width, height), scripts, dark
        self.number, self.buffer, self.session = 0, b"", None
        self.events = []  # what the browser said unasked

    def __enter__(self):
        self.folder = tempfile.mkdtemp()
        to_browser, self.to = os.pipe()
        self.back, from_browser = os.pipe()

        def descriptors():  # Chromium reads commands from 3 and answers on 4
            a, b = os.dup(to_browser), os.dup(from_browser)
            a, b = (os.dup(d) if d in (3, 4) else d for d in (a, b))
            os.dup2(a, 3), os.dup2(b, 4)

        self.process = subprocess.Popen(
            [find(), *FLAGS, "--remote-debugging-pipe", "--user-data-dir=" + self.folder,
             "about:blank"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, preexec_fn=descriptors, close_fds=False,
            start_new_session=True)
        os.close(to_browser), os.close(from_browser)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=self.size[0], height=self.size[1],
                  deviceScaleFactor=1, mobile=True)
        if not self.scripts:
            self.call("Emulation.setScriptExecutionDisabled", value=True)
        if self.dark:
            self.call("Emulation.setEmulatedMedia",
                      features=[{"name": "prefers-color-scheme", "value": "dark"}])
        return self

    def __exit__(self, *_):
        os.close(self.to), os.close(self.back)
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if "method" in answer:
                self.events.append(answer)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def read(self, seconds=30):
        deadline = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            if not select.select([self.back], [], [], max(0, deadline - time.monotonic()))[0]:
                raise TimeoutError("the browser does not answer")
            more = os.read(self.back, 65536)
            if not more:
                raise EOFError("the browser has ended")
            self.buffer += more
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def open(self, url):
        self.call("Page.navigate", url=url)
        event = {}
        while event.get("method") != "Page.loadEventFired":
            event = self.read()
            self.events.append(event)

    def value(self, expression):
        """Of a JavaScript expression; works where the page's own scripts are switched off."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    def text(self):
        return self.value("document.body.innerText").replace("\u00a0", " ")

    def wait_for(self, text, seconds):
        """How long it took until the page showed the text; fails after so many seconds."""
        began = time.monotonic()
        while text not in self.text():
            if time.monotonic() - began > seconds:
                raise AssertionError(f"after {seconds} s the page does not say {text!r} but:\n"
                                     + self.text())
        return time.monotonic() - began

    def picture(self, path):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
