"""The network: one encoder, and heads for mentions, links, roles, relations and numbers on its word states."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F  # ruff: ignore[lowercase-imported-as-non-lowercase] -- its usual name
from torch import Tensor, nn

from extractors.facts import DISTANCES, HINTS, SURFACES, WORD_DISTANCES, Places, Scene
from extractors.tags import ALLOWED, FIRST, TAGS
from extractors.turns import RANKS, TURNS
from extractors.words import MARKS, SHAPES, Floats, Window
from kg.schema import ENTITY_TYPES, NUMBER_KINDS, RELATIONS, ROLES


@dataclass(frozen=True, slots=True)
class EncoderSize:
    """Shape of an encoder; `relative` where the attention knows distances, `epsilon` of its layer norms."""

    vocabulary: int
    width: int
    layers: int
    heads: int
    inner: int
    relative: bool
    epsilon: float


class Layer(nn.Module):
    """One layer of a transformer encoder, normalised after each half."""

    def __init__(self, size: EncoderSize, dropout: float) -> None:
        super().__init__()
        self.heads = size.heads
        self.query, self.key, self.value, self.out = (nn.Linear(size.width, size.width) for _ in range(4))
        self.up, self.down = nn.Linear(size.width, size.inner), nn.Linear(size.inner, size.width)
        self.norm1, self.norm2 = (nn.LayerNorm(size.width, eps=size.epsilon) for _ in range(2))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """`x` (papers, pieces, width) and the attention's `bias` (papers or 1, heads or 1, pieces, pieces)."""
        b, n, d = x.shape
        q, k, v = (f(x).view(b, n, self.heads, -1).transpose(1, 2) for f in (self.query, self.key, self.value))
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype))
        x = self.norm1(x + self.dropout(self.out(mixed.transpose(1, 2).reshape(b, n, d))))
        return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x)))))


class Encoder(nn.Module):
    """Word pieces and their shapes -> states; BERT's and MPNet's weights fit in."""

    def __init__(self, size: EncoderSize, dropout: float = 0.1) -> None:
        super().__init__()
        self.size = size
        self.words = nn.Embedding(size.vocabulary, size.width)
        self.positions = nn.Embedding(512, size.width)
        self.shapes = nn.Embedding(SHAPES, size.width)
        self.marks = nn.Embedding(MARKS, size.width)
        self.norm = nn.LayerNorm(size.width, eps=size.epsilon)
        self.layers = nn.ModuleList(Layer(size, dropout) for _ in range(size.layers))
        if size.relative:
            self.distances = nn.Embedding(32, size.heads)
        self.dropout = nn.Dropout(dropout)

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor) -> Tensor:
        """States (papers, pieces, width) of `ids` and `shapes` (.., 2); `mask` is true where a piece is."""
        x = (
            self.words(ids)
            + self.positions.weight[: ids.shape[1]]
            + self.shapes(shapes[..., 0])
            + self.marks(shapes[..., 1])
        )
        x = self.dropout(self.norm(x))
        bias = torch.zeros(mask.shape, device=x.device).masked_fill(~mask, -1e4)[:, None, None]
        if self.size.relative:
            bias = bias + self.distances(distance_buckets(ids.shape[1])).permute(2, 0, 1)
        for layer in self.layers:
            x = layer(x, bias)
        return x


def distance_buckets(n: int) -> Tensor:
    """T5's buckets (n, n) of the distance from query to key: exact below 8, then by logarithm up to 128."""
    back = torch.arange(n)[:, None] - torch.arange(n)[None]
    far = 8 + (back.abs().clamp(min=1) / 8).log().div(math.log(16)).mul(8).long()
    return torch.where(back.abs() < 8, back.abs(), far.clamp(8, 15)) + 16 * (back < 0)


class Tagger(nn.Module):
    """Word states -> emissions of each tag, and a linear-chain CRF over them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.dropout = nn.Dropout(0.1)
        self.emit = nn.Linear(width, len(TAGS))
        self.transitions = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        self.register_buffer("never", torch.where(torch.tensor(ALLOWED), 0.0, -1e4), persistent=False)
        self.register_buffer("never_first", torch.where(torch.tensor(FIRST), 0.0, -1e4), persistent=False)

    def forward(self, states: Tensor) -> Tensor:
        """Emissions (papers, words, tags)."""
        return self.emit(self.dropout(states))

    def loss(self, emissions: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
        """Negative log-likelihood of `tags` (papers, words), summed; `mask` is true where a word is."""
        steps = self.transitions + self.never
        first = emissions[:, 0] + self.never_first
        taken = emissions.gather(2, tags[..., None])[..., 0]
        taken = taken + F.pad(steps[tags[:, :-1], tags[:, 1:]], (1, 0))
        gold = (taken * mask).sum() + self.never_first[tags[:, 0]].sum()
        alpha = first
        for t in range(1, emissions.shape[1]):
            onward = torch.logsumexp(alpha[:, :, None] + steps, 1) + emissions[:, t]
            alpha = torch.where(mask[:, t, None], onward, alpha)
        return torch.logsumexp(alpha, 1).sum() - gold


class Links(nn.Module):
    """Mention strings of one paper -> for each pair the log-odds that they are one entity."""

    def __init__(self, width: int, size: int = 192) -> None:
        super().__init__()
        self.string = nn.Linear(2 * width, size)
        self.surface = nn.Linear(len(SURFACES), size)
        self.pair = nn.Linear(2 * size, size)
        self.score = nn.Linear(size, 1)

    def forward(self, words: Tensor, starts: Tensor, ends: Tensor, pool: Tensor, surfaces: Tensor) -> Tensor:
        """Log-odds (strings, strings), symmetric.

        `words` (words, width); `starts`, `ends` (places) first and last word; `pool` (strings,
        places) rows sum to 1; `surfaces` (strings, strings, features).
        """
        s = F.gelu(self.string(pool @ torch.cat([words[starts], words[ends]], 1)))
        both = torch.cat([s[:, None] * s[None], (s[:, None] - s[None]).abs()], 2)
        return self.score(F.gelu(self.pair(both) + self.surface(surfaces)))[..., 0]


class Facts(nn.Module):
    """Entities and numerals of one paper -> roles, relations, and what each number is of."""

    def __init__(self, width: int, size: int = 256) -> None:
        super().__init__()
        types = len(ENTITY_TYPES)
        self.entity = nn.Linear(4 * width, size)
        self.typed = nn.Embedding(types, size)
        self.place = nn.Linear(4, size)
        self.role = nn.Sequential(nn.Dropout(0.1), nn.Linear(size, size), nn.GELU(), nn.Linear(size, len(ROLES)))
        self.look = nn.Linear(size, 64)
        self.key = nn.Linear(width, 64)
        self.value = nn.Linear(width, 128)
        self.head, self.tail, self.head2, self.tail2 = (nn.Linear(size, size) for _ in range(4))
        self.context = nn.Linear(128, size)
        self.apart = nn.Embedding(DISTANCES, size)
        self.relation = nn.Sequential(nn.GELU(), nn.Dropout(0.1), nn.Linear(size, len(RELATIONS)))
        self.number = nn.Linear(2 * width, size)
        self.hint = nn.Linear(HINTS, size)
        self.kind = nn.Sequential(
            nn.Dropout(0.1), nn.Linear(size, size), nn.GELU(), nn.Linear(size, 1 + len(NUMBER_KINDS) + 3)
        )
        self.of, self.what, self.of2, self.what2 = (nn.Linear(size, size) for _ in range(4))
        self.near = nn.Embedding(DISTANCES, size)
        self.rank, self.turn = nn.Embedding(RANKS, size), nn.Embedding(TURNS, size)
        for order in (self.rank, self.turn):
            nn.init.normal_(order.weight, 0, 0.02)
        self.context2 = nn.Linear(128, size)
        self.slot = nn.Sequential(nn.GELU(), nn.Dropout(0.1), nn.Linear(size, 4))
        self.nobody = nn.Linear(size, 5)
        self.measure = nn.Linear(size, 2 * 64)
        self.measured = nn.Linear(width, 2 * 64)
        self.beside = nn.Embedding(WORD_DISTANCES, 2)

    def forward(
        self,
        words: Tensor,
        starts: Tensor,
        ends: Tensor,
        pool: Tensor,
        types: Tensor,
        places: Tensor,
        apart: Tensor,
        number_starts: Tensor,
        number_ends: Tensor,
        hints: Tensor,
        near: Tensor,
        ranks: Tensor,
        turns: Tensor,
        beside: Tensor,
    ) -> tuple[Tensor, ...]:
        """(roles, relations, kinds, slots, nobody, measures), all logits.

        roles (entities, roles); relations (entities, entities, relations), from row to column;
        kinds (numbers, 1 + kinds + 3): none or a kind, then no direction, up, down; slots
        (numbers, entities, 4): subject, dataset, metric, baseline; nobody (numbers, 5): the same
        four for no entity, then a metric in words; measures (numbers, words, 2): first and last
        of those words.

        `words` (words, width); `starts`, `ends` (places); `pool` (entities, places) rows sum to
        1; `types` (entities); `places` (entities, 4); `hints` (numbers, HINTS); `apart` (entities, entities), `near`
        (numbers, entities) and `beside` (numbers, words) are classes of distance, `ranks` and
        `turns` (numbers, entities) of order.
        """
        spans = torch.cat([words[starts], words[ends]], 1)
        far = -1e4 * (pool == 0)[..., None]
        best = (spans[None] + far).amax(1) if len(spans) else spans
        e = F.gelu(self.entity(torch.cat([pool @ spans, best], 1)) + self.typed(types) + self.place(places))
        n = F.gelu(self.number(torch.cat([words[number_starts], words[number_ends]], 1)) + self.hint(hints))
        keys, values = self.key(words), self.value(words)
        looks = torch.softmax(self.look(e) @ keys.T / 8, 1)
        glances = torch.softmax(self.look(n) @ keys.T / 8, 1)
        pairs = self.head(e)[:, None] + self.tail(e)[None] + self.head2(e)[:, None] * self.tail2(e)[None]
        pairs = pairs + self.apart(apart) + self.context(shared(looks, looks, values))
        whose = self.of(n)[:, None] + self.what(e)[None] + self.of2(n)[:, None] * self.what2(e)[None]
        whose = whose + self.near(near) + self.context2(shared(glances, looks, values))
        whose = whose + self.rank(ranks) + self.turn(turns)
        a, b = self.measure(n).chunk(2, 1)
        c, d = self.measured(words).chunk(2, 1)
        measures = torch.stack([a @ c.T, b @ d.T], 2) / 8 + self.beside(beside)
        return self.role(e), self.relation(pairs), self.kind(n), self.slot(whose), self.nobody(n), measures


def shared(a: Tensor, b: Tensor, values: Tensor) -> Tensor:
    """What two attentions `a` (rows, words) and `b` (columns, words) both look at: (rows, columns, width of values)."""
    both = a[:, None] * b[None]
    return (both / (both.sum(2, keepdim=True) + 1e-6)) @ values


class Network(nn.Module):
    """The whole."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        width = encoder.size.width
        self.encoder = encoder
        self.tagger = Tagger(width)
        self.links = Links(width)
        self.facts = Facts(width)

    def read(self, ids: Tensor, shapes: Tensor, mask: Tensor, heads: Tensor, tails: Tensor) -> tuple[Tensor, Tensor]:
        """(word states, emissions) from pieces; `heads` and `tails` (papers, words) place each word's pieces."""
        x = self.encoder(ids, shapes, mask)
        first, last = (x.gather(1, i[..., None].expand(-1, -1, x.shape[2])) for i in (heads, tails))
        states = (first + last) / 2
        return states, self.tagger(states)


def collate(windows: Sequence[Window]) -> tuple[Tensor, ...]:
    """(ids, shapes, mask, heads, tails) of the windows, padded; `mask` is true where a piece is."""
    n = max(len(w.ids) for w in windows)
    m = max(1, *(len(w.heads) for w in windows))
    ids, shapes = np.zeros((len(windows), n), np.int64), np.zeros((len(windows), n, 2), np.int64)
    heads, tails = (np.zeros((len(windows), m), np.int64) for _ in range(2))
    mask = np.zeros((len(windows), n), bool)
    for i, w in enumerate(windows):
        k = len(w.ids)
        ids[i, :k], shapes[i, :k], mask[i, :k] = w.ids, w.shapes, True
        heads[i, : len(w.heads)], tails[i, : len(w.heads)] = w.heads, w.tails
    return tuple(torch.from_numpy(a) for a in (ids, shapes, mask, heads, tails))


class TorchReader:
    """A network as the extractor uses it, without exporting it first."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.transitions = network.tagger.transitions.detach().numpy().astype(np.float64)

    @torch.no_grad()
    def read(self, windows: Iterable[Window]) -> list[tuple[Floats, Floats]]:
        """(states (words, width), emissions (words, tags)) of each window."""
        self._network.eval()
        windows = list(windows)
        found: dict[int, tuple[Floats, Floats]] = {}
        order = sorted(range(len(windows)), key=lambda i: len(windows[i].ids))
        for at in range(0, len(order), 16):
            batch = order[at : at + 16]
            states, emissions = (o.numpy() for o in self._network.read(*collate([windows[i] for i in batch])))
            for row, i in enumerate(batch):
                n = len(windows[i].heads)
                found[i] = states[row, :n], emissions[row, :n]
        return [found[i] for i in range(len(windows))]

    @torch.no_grad()
    def links(self, states: Floats, places: Places, surfaces: Floats) -> Floats:
        """Log-odds (strings, strings) that two strings are one entity."""
        inputs = (states, places.starts, places.ends, places.pool(), surfaces)
        logits: Floats = self._network.links(*map(torch.from_numpy, inputs)).numpy()
        return logits

    @torch.no_grad()
    def facts(self, states: Floats, scene: Scene) -> tuple[Floats, ...]:
        """(roles, relations, kinds, slots, nobody, measures), all logits."""
        outputs = self._network.facts(torch.from_numpy(states), *fact_inputs(scene))
        return tuple(o.numpy() for o in outputs)


def fact_inputs(s: Scene) -> tuple[Tensor, ...]:
    """What the heads for facts take after the word states."""
    places = (s.entities.starts, s.entities.ends, s.entities.pool())
    standing = (s.types, s.standing, s.apart)
    inputs = (*places, *standing, s.numbers.starts, s.numbers.ends, s.hints, s.near, s.ranks, s.turns, s.beside)
    return tuple(torch.from_numpy(np.ascontiguousarray(a)) for a in inputs)
