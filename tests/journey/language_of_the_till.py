#!/usr/bin/env python3
"""Trouble is read in the language of the till: a machine's, a scanner's, the cloud's, the disk's, a refusal.

Two tills stand in one shop: a French one, and an English one as the control.
"""
import contextlib, subprocess, unittest

from atelier import BAG, SOURCE, Shop, wait_until

# A small disk, which only the agent sees.
SMALL_DISK = ["unshare", "--map-root-user", "--mount", "sh", "-c",
              'mkdir -p "$0" && mount -t tmpfs -o size=300m none "$0" && exec "$@"']


class LanguageOfTheTill(unittest.TestCase):
    @contextlib.contextmanager
    def tills(self, shop):
        with shop.live_till("caisse", language="fr") as french, \
                shop.live_till("till", workstation="2", language="en") as english:
            self.french, self.english = french, english
            yield

    def read(self, till, command, words):
        """What the till says to the command, once it says these words."""
        last = [""]

        def says():
            last[0] = till.tell(command)
            return words in last[0] and last[0]

        return wait_until(says, lambda: f"{command}: not {words!r} but {last[0]!r}", every=0.1)

    def must_read(self, command, french, english):
        """Each till its language, and nothing of the other's."""
        said = self.read(self.french, command, french)
        self.assertNotIn(english, said)
        self.assertNotIn(french, self.read(self.english, command, english))
        print(f"  {command}: {french}")

    def test_a_scanner_and_a_machine(self):
        shop = Shop(cloud=False)
        shop.sections["paths"] = {"machines": SOURCE + "/drivers/embroidery/machines"}
        shop.sections["machine brodeuse"] = {"profile": "brother-pr1055x", "link": f"dir:{shop.folder}/brodeuse"}
        shop.sections["scanner douchette"] = {"link": "usb:ffff:fffe:S1"}
        with shop, self.tills(shop):
            self.must_read("health",
                           "douchette\u00a0: le lecteur n'est pas branché\u00a0: rebranchez son câble USB",
                           "douchette: the scanner is not plugged in: put its USB cable")
            shop.staff("send", shop.sell("Léo").code + "/1", "brodeuse")
            self.must_read("health",
                           "brodeuse\u00a0: son dossier est absent\u00a0: branchez la clé ou le partage",
                           "there is no such folder: make it, or mount what it stands for")
            self.must_read("notices", "brodeuse\u00a0: son dossier est absent", "there is no such folder")

    def test_the_cloud_and_a_refusal(self):
        with Shop() as shop, self.tills(shop):
            shop.cloud.stop()
            for line in ("sell TOTE-01 natural", BAG + " text=Léo", "sign 1 turned", "tender card"):
                self.french.tell(line)
            self.must_read("health",
                           "Les pages des clients attendent\u00a0: internet ou le serveur ne répond pas\u00a0: "
                           "vérifiez la connexion\u00a0; les ventes continuent.",
                           "The guests' pages wait: the cloud does not answer")
            shop.stop()
            shop.cloud.start()
            shop.start()
            # What the process before wrote down is over.
            wait_until(lambda: shop.store("SELECT trouble FROM device WHERE name='cloud'") == [("",)],
                       "the cloud's trouble stays in the store")
            self.read(self.french, "health", "all is well")
            self.must_read("fails scan HELLO", "ce code n'est pas des nôtres\u00a0: scannez l'étiquette de travail",
                           "this code is not one of ours: scan the work tag")

    def test_a_disk_with_little_room(self):
        shop = Shop(cloud=False)
        if subprocess.run([*SMALL_DISK, shop.folder / "try", "true"], capture_output=True).returncode:
            print("SKIP: no small disk can be mounted here (unshare --map-root-user --mount)")
            self.skipTest("no small disk")
        shop.around = [*SMALL_DISK, shop.folder / "data"]
        with shop, self.tills(shop):
            self.must_read("health", "Il reste moins de 500 Mo sur le disque\u00a0: libérez de la place",
                           "The disk has less than 500 MB left: make room")


if __name__ == "__main__":
    unittest.main(verbosity=2)
