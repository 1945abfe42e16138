"""Speed of the extractors beside the yardstick, on the same texts in the same run.

    python benchmarks/extract.py PAPERS.jsonl.gz --base FOLDER_OF_all-MiniLM-L6-v2 [--papers 400] [--also NETWORK]

The yardstick is the encoder of all-MiniLM-L6-v2 as float32 ONNX with two threads, one text at a
time with its own tokenizer and nothing around it. Needs `paperkg[train]`.
"""

import argparse
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

import extractors
from extractors.reader import read_page
from extractors.trained import MODEL_FOLDER, TrainedExtractor, load_trained, merge
from kg.sources import read_papers
from kg.types import Paper

THREADS = 2


def memory() -> float:
    """Resident memory of this process in MB."""
    with Path("/proc/self/statm").open() as stream:
        return int(stream.read().split()[1]) * resource.getpagesize() / 1e6


def yardstick(base: Path) -> Callable[[Sequence[Paper]], float]:
    """A function from papers to seconds: MiniLM's encoder over them."""
    import onnx

    from extractors.training.base import load_base
    from extractors.training.export import encoder_graph
    from extractors.training.network import Network

    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(512)
    network = Network(load_base(base, 6, list(range(tokenizer.get_vocab_size())))).eval()
    options = ort.SessionOptions()
    options.intra_op_num_threads = THREADS
    with tempfile.TemporaryDirectory() as folder:
        onnx.save(encoder_graph(network, {}), f"{folder}/yardstick.onnx")
        session = ort.InferenceSession(f"{folder}/yardstick.onnx", options, providers=["CPUExecutionProvider"])

    def run(papers: Sequence[Paper]) -> float:
        began = time.perf_counter()
        for p in papers:
            ids = np.array(tokenizer.encode(p.text).ids)[None]
            nothing = np.zeros((*ids.shape, 2), np.int64)
            session.run(
                ["states"],
                {"ids": ids, "shapes": nothing, "heads": np.zeros(1, np.int64), "tails": np.zeros(1, np.int64)},
            )
        return time.perf_counter() - began

    return run


def matrix_rate() -> float:
    """What the cores multiply: GFLOP/s of a float32 matrix product of the encoder's size."""
    a, b = np.ones((512, 768), np.float32), np.ones((768, 3072), np.float32)
    a @ b
    times = []
    for _ in range(20):
        began = time.perf_counter()
        a @ b
        times.append(time.perf_counter() - began)
    return 2 * 512 * 768 * 3072 / median(times) / 1e9


def parts(name: str, papers: Sequence[Paper]) -> Iterator[tuple[str, float]]:
    """Seconds of each part, one after the other."""
    x = extractors.load(name)
    assert isinstance(x, TrainedExtractor)
    began = time.perf_counter()
    words = [x.reader.read(p.text, len(p.title or "")) for p in papers]
    windows = [x.reader.windows(w) for w in words]
    yield "words, lexicon, windows", time.perf_counter() - began
    began = time.perf_counter()
    list(x.network.read([w for ws in windows for w in ws]))
    yield "encoder", time.perf_counter() - began
    pages = [ps for _, ps in x.pages(papers)]
    began = time.perf_counter()
    readings = [[read_page(p, x.network, x.curves) for p in ps] for ps in pages]
    yield "spans, links, heads", time.perf_counter() - began
    began = time.perf_counter()
    for p, ps, rs in zip(papers, pages, readings, strict=True):
        merge(p, ps, rs, x.curves, x.lexicon)
    yield "putting together", time.perf_counter() - began


def encoder_work(name: str, papers: Sequence[Paper]) -> float:
    """GFLOP the encoder needs for an abstract, on average."""
    x = extractors.load(name)
    assert isinstance(x, TrainedExtractor)
    import onnx

    graph = onnx.load(str(MODEL_FOLDER / name / "encoder.onnx")).graph
    sizes = {c.name: list(c.dims) for c in graph.initializer}
    weights = sum(np.prod(sizes[x]) for x in {n.input[1] for n in graph.node if n.op_type == "DynamicQuantizeMatMul"})
    layers = sum(n.op_type == "MultiHeadAttention" for n in graph.node)
    width = next(o.type.tensor_type.shape.dim[1].dim_value for o in graph.output if o.name == "states")
    lengths = np.array(
        [len(w.ids) for p in papers for w in x.reader.windows(x.reader.read(p.text, len(p.title or "")))]
    )
    return float((2 * weights * lengths + 4 * layers * width * lengths**2).sum() / len(papers) / 1e9)


def ready(name: str) -> float:
    """Seconds from a new process to an extractor that has read its first abstract."""
    code = f"""
import time
began = time.perf_counter()
import extractors
from kg.types import Paper
list(extractors.load({name!r}).extract([Paper(id="p", title=None, abstract="We train BERT on GLUE.")]))
print(time.perf_counter() - began)
"""
    return median(
        float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
        for _ in range(5)
    )


def timed(extractor: extractors.Extractor, papers: Iterable[Paper]) -> float:
    """Seconds for all of `papers`."""
    began = time.perf_counter()
    for _ in extractor.extract(papers):
        pass
    return time.perf_counter() - began


def run_through(name: str, file: Path) -> None:
    """Prints how long all papers of `file` take, and the memory after every tenth of them."""
    papers = list(read_papers([file]).papers)
    began, extractor = time.perf_counter(), extractors.load(name)
    marks = []
    for i, _ in enumerate(extractor.extract(papers)):
        if i % max(1, len(papers) // 10) == 0:
            marks.append(f"{memory():.0f}")
    spent = time.perf_counter() - began
    print(f"{name}: {len(papers)} abstracts in {spent:.0f} s, {len(papers) / spent:.1f}/s")
    print(f"  MB at each tenth: {' '.join(marks)}")


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--papers", type=int, default=400)
    parser.add_argument("--also", type=Path, action="append", default=[], help="folder of a network beside the shipped")
    parser.add_argument("--all", action="store_true", help="then all papers once, with the memory after every tenth")
    options = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])
    every = list(read_papers([options.file]).papers)
    papers = every[:: max(1, len(every) // options.papers)][: options.papers]
    measure = yardstick(options.base)
    contestants: dict[str, extractors.Extractor] = {n: extractors.load(n) for n in extractors.MODELS}
    contestants |= {f.name: load_trained(f.name, folder=f.parent) for f in options.also}
    contestants["rules"] = extractors.load(rules_only=True)
    seconds: dict[str, list[float]] = {n: [] for n in ("yardstick", *contestants)}
    for _ in range(5):
        seconds["yardstick"].append(measure(papers))
        for name, extractor in contestants.items():
            seconds[name].append(timed(extractor, papers))
    base = median(seconds["yardstick"])
    print(f"{len(papers)} abstracts, five rounds, medians; {THREADS} threads")
    for name, times in seconds.items():
        ratio = median(y / t for y, t in zip(seconds["yardstick"], times, strict=True))
        print(f"{name:10} {len(papers) / median(times):7.1f} abstracts/s  {ratio:5.2f} of the yardstick")
    rate = matrix_rate()
    print(
        f"the cores multiply {rate:.0f} GFLOP/s in float32, one matrix product of the larger encoder's size at a time"
    )
    for name in extractors.MODELS:
        print(f"\n{name}: ready in {ready(name):.2f} s; parts, one after the other, ms an abstract:")
        for part, spent in parts(name, papers):
            print(f"  {part:26}{1000 * spent / len(papers):7.1f}")
        work = encoder_work(name, papers)
        print(f"  the encoder needs {work:.1f} GFLOP an abstract: {1000 * work / rate:.0f} ms of {rate:.0f} GFLOP/s")
    print(f"\nyardstick: {1000 * base / len(papers):.1f} ms an abstract")
    if options.all:
        # A process each, in which nothing of the yardstick's is in memory.
        for name in extractors.MODELS:
            process = multiprocessing.get_context("spawn").Process(target=run_through, args=(name, options.file))
            process.start()
            process.join()


if __name__ == "__main__":
    main()
