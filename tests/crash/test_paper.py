"""The printer of the crash tests counts what a person would find in its tray, and nothing else."""
import socket, unittest
from paper import Printer, shows_something


class Papers(unittest.TestCase):
    def papers_of(self, *connections):
        printer = Printer("front")
        try:
            for data in connections:
                with socket.create_connection(("127.0.0.1", printer.port)) as peer:
                    peer.sendall(data)
                    peer.shutdown(socket.SHUT_WR)
                    while peer.recv(64):
                        pass
        finally:
            printer.stop()
        return [(paper.is_whole, paper.text) for paper in printer.papers]

    def test_a_reset_before_a_job_that_never_came_is_no_paper(self):
        self.assertEqual(self.papers_of(bytes(5000) + b"\x1b@"), [])

    def test_a_letter_that_came_out_is_half_a_paper(self):
        self.assertEqual(self.papers_of(b"\x1b@Anna\n"), [(False, "Anna")])

    def test_a_picture_that_was_begun_is_half_a_paper(self):
        self.assertEqual(self.papers_of(b"\x1b@\x1dv0\x00\x02\x00\x09\x00\xff"), [(False, "")])

    def test_white_that_ends_a_picture_shows_nothing(self):
        self.assertFalse(shows_something(b"\x1dv0\x00\x01\x00\x02\x00\x00\x00\n"))
        self.assertFalse(shows_something(b"\x1dv0\x00\x01\x00\x09\x00\x00"))
        self.assertTrue(shows_something(b"\x1dv0\x00\x01\x00\x02\x00\x00\x01\n"))

    def test_what_was_cut_is_a_whole_paper_and_what_follows_another(self):
        self.assertEqual(self.papers_of(b"Anna\n\x1dVB\x00Zo\n", b"\x1b@Max\n\x1dVB\x00"),
                         [(True, "Anna"), (False, "Zo"), (True, "Max")])


if __name__ == "__main__":
    unittest.main()
