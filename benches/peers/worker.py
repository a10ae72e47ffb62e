"""One process of a Python peer: loads it, says `ready`, waits for a line, reads its pages and writes what it read and what that cost.

    python worker.py PEER THREADS PAGES.json OUT.json        (PAGES.json: a list of [path of a PDF, page number from 1])

THREADS is 1, or `own`: as many as the peer takes by itself.
"""

import json
import os
import resource
import sys

DPI = 200
SIDE = 960


def cpu():
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime


def rapidocr_1(threads):
    """RapidOCR as `pip install rapidocr-onnxruntime` gives it: PP-OCRv4 models, its defaults."""
    from rapidocr_onnxruntime import RapidOCR

    engine = RapidOCR(intra_op_num_threads=threads, inter_op_num_threads=threads)
    return lambda image: [line[1] for line in engine(image)[0] or []]


def rapidocr_3(threads, **params):
    """RapidOCR as `pip install rapidocr` gives it: PP-OCRv6 models, its defaults but for `params`."""
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"Global.log_level": "error", **{f"EngineConfig.onnxruntime.{kind}_op_num_threads": threads for kind in ("intra", "inter")}, **params})
    return lambda image: list(engine(image).txts or ())


def same_models(threads):
    """The two models of material-audit (PP-OCRv4 detector, PP-OCRv6-small recogniser) through RapidOCR's own code, the detector's longest side at most 960."""
    import rapidocr_onnxruntime

    models = os.path.join(os.path.dirname(rapidocr_onnxruntime.__file__), "models")
    return rapidocr_3(threads, **{"Det.model_path": os.path.join(models, "ch_PP-OCRv4_det_infer.onnx"), "Det.limit_type": "max", "Det.limit_side_len": SIDE})


def pdfium(_):
    """Page pictures only."""
    return None


PEERS = {"rapidocr-1": rapidocr_1, "rapidocr-3": rapidocr_3, "same-models-960": same_models, "pdfium": pdfium}


def main(peer, threads, pages, out):
    if threads == "1":
        # Before any library that reads it is loaded.
        os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
        import cv2

        cv2.setNumThreads(1)
    import pypdfium2

    # -1 is what RapidOCR's own configuration says.
    read = PEERS[peer](1 if threads == "1" else -1)
    with open(pages, encoding="utf-8") as f:
        pages = json.load(f)
    if read:
        # The first inference allocates what later ones use again: part of loading.
        import numpy

        read(numpy.full((64, 256, 3), 255, numpy.uint8))
    loaded = cpu()
    print("ready", flush=True)
    sys.stdin.readline()
    texts, drawing, reading = [], 0.0, 0.0
    for path, number in pages:
        begun = cpu()
        document = pypdfium2.PdfDocument(path)
        bitmap = document[number - 1].render(scale=DPI / 72)
        image = bitmap.to_numpy()[:, :, :3].copy()
        document.close()
        drawn = cpu()
        texts.append(read(image) if read else [])
        drawing, reading = drawing + drawn - begun, reading + cpu() - drawn
    with open(out, "w", encoding="utf-8") as f:
        json.dump({"loading": loaded, "drawing": drawing, "reading": reading, "texts": texts}, f, ensure_ascii=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
