"""The table of games, as the command prints it."""

import pytest
import torch

from tools import games


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    games.main(steps=2)
    said = capsys.readouterr().out
    falls, stays = (part.splitlines() for part in said.strip().split("\n\ndist"))
    for lines in (falls, stays):
        _, _, _, head, *rows = lines
        assert head.split() == list(games.GAMES)
        names = [tuple(row.split()[:2]) for row in rows]
        assert names == [(r, m) for r in games.RULES for m in games.METHODS]
        assert {len(row) for row in rows} == {len(head)}
    assert "falling" in falls[1] and "throughout" in stays[1]


@pytest.mark.parametrize("name", games.GAMES)
def test_every_game_has_its_saddle_where_it_says_and_is_strongly_monotone(
    name: str,
) -> None:
    """The field's Jacobian, plus its transpose, is positive at many points."""
    game = games.GAMES[name]
    sizes = [len(saddle) for saddle in game.saddle]
    generator = torch.Generator().manual_seed(0)

    def field(z: torch.Tensor) -> torch.Tensor:
        players = [part[None] for part in z.split(sizes)]
        slopes = torch.autograd.grad(
            game.payoff(*players).sum(), players, create_graph=True
        )
        return torch.cat([-g[0] if i == 1 else g[0] for i, g in enumerate(slopes)])

    origin = torch.zeros(sum(sizes), dtype=torch.float64, requires_grad=True)
    assert field(origin).abs().max() == 0
    for _ in range(20):
        z = 3 * torch.randn(sum(sizes), generator=generator, dtype=torch.float64)
        jacobian = torch.autograd.functional.jacobian(field, z.requires_grad_())
        assert torch.linalg.eigvalsh(jacobian + jacobian.T).min() >= 0.99


def test_the_starts_are_no_saddles() -> None:
    for game in games.GAMES.values():
        for x, saddle in zip(games.start(game), game.saddle):
            assert (x - torch.tensor(saddle)).abs().max() > 1


def test_a_game_is_played_as_if_it_were_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    together = games.distances("adam", "extragradient", falling=True, steps=30)
    monkeypatch.setattr(games, "GAMES", {"coupled": games.GAMES["coupled"]})
    alone = games.distances("adam", "extragradient", falling=True, steps=30)
    assert alone["coupled"] == pytest.approx(together["coupled"], rel=1e-12)
