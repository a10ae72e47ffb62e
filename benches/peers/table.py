"""The bench's results as a table."""

MINE = "material-audit"
HEAD = ["program", "CPU-s a page, 1 thread", "pages/s", "MB", "CPU-s a page, all cores", "pages/s", "MB", "accuracy", "loading, CPU-s", "drawing, CPU-s a page"]


def _line(cells):
    return "| " + " | ".join(cells) + " |"


def _known(modes):
    """The run whose text and loading are shown: on one thread where there is one."""
    return modes.get("one") or modes["all"]


def _row(name, modes, pages):
    cells = [name]
    for mode, memory in (("one", "largest"), ("all", "together")):
        cost = modes.get(mode)
        cells += [f"{cost['cpu'] / pages:.3f}", f"{pages / cost['wall']:.2f}", f"{cost[memory] / 1e6:.0f}"] if cost else ["", "", ""]
    shown = _known(modes)
    cells.append(f"{shown['accuracy']['all']:.4f}" if "accuracy" in shown else "")
    cells.append(f"{shown['loading']:.2f}" if "loading" in shown else "within")
    return cells + [f"{shown['drawing'] / pages:.3f}" if "drawing" in shown else ""]


def _ratios(results):
    """Ours, all in, to theirs; of the Python peers what they take to read, loading and page pictures left out."""
    mine = results[MINE]
    yield ["material-audit / …", "CPU-s, 1 thread", "CPU-s, all cores", "time, all cores", "MB, all cores", "accuracy, difference"]
    for name, modes in results.items():
        if name != MINE:
            one = f"{mine['one']['cpu'] / modes['one']['cpu']:.3f}" if "one" in modes else ""
            many = [f"{mine['all'][k] / modes['all'][k]:.3f}" for k in ("cpu", "wall", "together")]
            both = [_known(m).get("accuracy") for m in (mine, modes)]
            yield [name, one, *many, f"{both[0]['all'] - both[1]['all']:+.4f}" if both[1] else ""]


def _kinds(results):
    kinds = list(_known(results[MINE])["accuracy"]["kinds"])
    yield ["accuracy by kind of field", *kinds]
    for name, modes in results.items():
        if accuracy := _known(modes).get("accuracy"):
            yield [name, *(f"{accuracy['kinds'][k]:.4f}" for k in kinds)]


def text(results, pages, cores):
    """Markdown: costs, ratios, accuracy by kind."""
    lines = [f"{pages} pages, {cores} cores", ""]
    for table in ([HEAD, *(_row(name, modes, pages) for name, modes in results.items())], list(_ratios(results)), list(_kinds(results))):
        lines += [_line(table[0]), "|" + "---|" * len(table[0]), *map(_line, table[1:]), ""]
    speed = results[MINE]["one"]["wall"] / results[MINE]["all"]["wall"]
    return "\n".join([*lines, f"{MINE}, all cores: {speed:.2f}x the pages a second of one"])
