"""Every command of ``thalweg``: where it lives, what it takes, how it is explained.

Standard library only, and of it little, as in the door.
"""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """One sub-command: where it lives, what it takes, how it is explained."""

    module: str
    summary: str
    about: str
    example: str
    takes: str  # key of experiments.arguments.TAKES


COMMANDS = {
    "run": Command(
        "experiments.run",
        "simulate one history and tell it in words",
        "Simulates one history of a region, tells what happened with calendar dates, prints a\n"
        "table of outcomes and writes both with the full event log. --replay FILE writes one\n"
        "offline page in which it is watched on the map: ladders, agreements and acts under one\n"
        "clock; arms=A,B or seeds=N put up to four side by side, and then only the page is kept.",
        "thalweg run region=fergana mechanisms=joint_committee seed=7",
        "settings",
    ),
    "compare": Command(
        "experiments.compare",
        "compare mechanisms under the same weather, elections and luck",
        "Simulates every arm with the same seeds (common random numbers), writes a study folder\n"
        "and its report. arms=none,data_sharing,joint_committee,full or a+b for two together,\n"
        "negotiated, full-a for all but a, alone and minus for every such arm, shapley for those\n"
        "that shares need; all stands for none,alone,full,minus,negotiated. Each stands for what\n"
        "is not named beside it. The first arm is the baseline. seeds=200 histories per arm, from\n"
        "seed=1 on; until=halfwidth:0.02 adds more. Stopped half-way, the same command continues\n"
        "where it was.",
        "thalweg compare region=fergana arms=none,data_sharing,full seeds=200 out=results/mine",
        "settings",
    ),
    "sweep": Command(
        "experiments.sweep",
        "run a whole study: regions, sampled settings, arms, seeds",
        "Settings take several values in Hydra's sweep grammar: a=1,2  range(0,10,2)\n"
        "choice(a,b)  glob(fit_*)  interval(0.1,1)  int(interval(1,12))\n"
        "tag(logunif,interval(0.01,1)). method=grid crosses lists; latin, sobol and morris sample\n"
        "ranges with n=N. study=NAME or FILE reads all that from YAML (docs/sweeps.md). Runs are\n"
        "kept as they are made: the same command continues, and a larger one adds what is new.\n"
        "engine=joblib, slurm, dask ... carries the chunks elsewhere (docs/clusters.md).",
        "thalweg sweep region=fergana arms=none,full parameters.ladder.up_rate=3,7 seeds=50",
        "sweep",
    ),
    "validate": Command(
        "experiments.validate",
        "score the model against published patterns",
        "Simulates a declared mix of borders, passes the acts through a reporting filter and\n"
        "scores published patterns: target, accepted range, model with interval, verdict. Ends\n"
        "with 1 when a required pattern fails; with --strict, when any fails or has too few\n"
        "events, held-out ones among them. parameters= and parameters.KEY= may be set; borders,\n"
        "years and histories stand in the study file. Takes minutes; --quick about one.",
        "thalweg validate --quick",
        "ensemble",
    ),
    "calibrate": Command(
        "experiments.calibrate",
        "fit the free parameters to patterns: a set of fits",
        "Matches the parameters that the study file declares free to the patterns that may be\n"
        "calibrated on, for every rival structure, in waves of simulated ensembles with emulators\n"
        "in between (history matching). Writes the fits that pass again with fresh seeds, with\n"
        "their spread, and what could not be met. The default budget of 150 ensembles and the 48\n"
        "that confirm take about forty minutes on two cores. Stopped half-way, the same command\n"
        "continues. Needs the extra 'calibrate'.",
        "thalweg calibrate --budget 150 out=results/fits",
        "ensemble",
    ),
    "sensitivity": Command(
        "experiments.sensitivity",
        "say which setting of a sweep moves the outcome, and how sure",
        "Reads a sweep with method=sobol, morris or latin: indices of every setting or group with\n"
        "intervals, for each arm and for each arm's effect against the first one; how much of the\n"
        "spread is settings, seed, and both together; what an input that does not matter would\n"
        "show; and for each index whether it is known, and how many runs it would take. Writes\n"
        "tables and figures to DIR/answers/sensitivity (docs/sensitivity.md).",
        "thalweg sensitivity results/doubts --outcome crisis_resource",
        "sensitivity",
    ),
    "portfolio": Command(
        "experiments.portfolio",
        "say which mix of mechanisms to choose for which money",
        "Reads a folder of compare or sweep whose arms are mixes of mechanisms\n"
        "(arms=subsets:A,B,C makes all of them): the exact frontier of cost, risk and the\n"
        "livelihood of the worst-off, the best mix for each budget= and how sure that is, the\n"
        "cost at which each mechanism leaves it, what pairs do together, and over several frames\n"
        "regret and the share of states that meet most.OUTCOME= and least.OUTCOME=.\n"
        "Nothing is simulated.\n"
        "risk=OUTCOME cost=OUTCOME+OUTCOME states=points or a swept setting: other roles, other\n"
        "states. docs/portfolio.md tells how to read it.",
        "thalweg portfolio results/mixes budget=0.1,0.2 most.crisis_resource=0.3",
        "portfolio",
    ),
    "emulate": Command(
        "experiments.emulate",
        "fit an emulator to a sweep and say how good it is where",
        "Fits a polynomial to one outcome= of a sweep over ranges (method=mixed with intensities\n"
        "of mechanisms is made for it), holds points and seeds out to say how good it is, kind of\n"
        "point by kind of point, and refuses it where that falls short. Written as JSON with test\n"
        "points, for pages and notebooks; tables and a figure tell its quality. arm=NAME and\n"
        "frame=NUMBER choose what is emulated. Nothing is simulated. docs/emulator.md tells\n"
        "how to read it.",
        "thalweg emulate results/strengths outcome=crisis_resource",
        "emulate",
    ),
    "discover": Command(
        "experiments.discover",
        "say under which conditions a mechanism fails or a crisis happens",
        "Searches the points of a sweep with method=latin or sobol for boxes (PRIM, with CART as\n"
        "a second opinion) in which cases are dense, and says how much is chance: noise of\n"
        "the labels, shuffled tables, resampled points, halves of the seeds. --ranking asks where\n"
        "the order of the arms flips: regions, horizons, fits, rival rules. Needs the extra\n"
        "'discover'. docs/discovery.md.",
        "thalweg discover results/doubts --when crisis --threshold 0.3",
        "discover",
    ),
    "report": Command(
        "experiments.results",
        "build the report of a study folder again, or of two that are compared",
        "Writes report.html of a study folder anew. --with DIR takes in what another study of the\n"
        "same region answers: which setting moves the outcome and when the package fails (sweeps\n"
        "over ranges), which mix for which money (arms=subsets:), sliders (method=mixed), the\n"
        "same comparison under other settings. Of two folders of compare, report A B writes one\n"
        "page: what changed in the settings and whether it mattered. No run is simulated.",
        "thalweg report results/demo --with results/doubts",
        "report",
    ),
    "figures": Command(
        "experiments.figures",
        "figures and tables of a study for a paper",
        "Writes what the report shows as pdf and svg (text stays text) and its numbers as csv and\n"
        "parquet: effects, crises by arm, the ladder; of a sweep the effects. Equal folders give\n"
        "equal bytes. By default into DIR/answers/figures.",
        "thalweg figures results/demo --out paper/figures",
        "answers",
    ),
    "effects": Command(
        "experiments.effects",
        "say what every mechanism does, with its interval",
        "Reads a folder of compare or sweep: every mechanism alone, within the package and by its\n"
        "Shapley share, on every fit and on all together, each with interval, verdict, share of\n"
        "seeds that worsen, gain of pairing and the smallest effect that would be seen. What the\n"
        "folder lacks is named with the command that adds it. Nothing is simulated. Tables and\n"
        "figures go to DIR/answers/effects.",
        "thalweg effects results/demo",
        "effects",
    ),
    "explain": Command(
        "experiments.explain",
        "say what a setting, a mechanism or an outcome is",
        "Explains whatever can be written in a command: a setting, a parameter, a mechanism, an\n"
        "outcome, an arm, a region, a prepared set, a study. Meaning, unit, default, range and\n"
        "source or assumption; which rule of the week reads it; which mechanisms change the\n"
        "channels there; other values in what ships; and what it moved when each parameter was\n"
        "screened alone. A clear part of a name is enough. Nothing is simulated.",
        "thalweg explain drought.severity_mean",
        "key",
    ),
    "check": Command(
        "experiments.check",
        "check a file of settings without running anything",
        "Checks a YAML file as compare or sweep would take it: every key, range and name, both\n"
        "ends of every swept range, and says how many runs it asks for. Nothing is simulated and\n"
        "nothing written.",
        "thalweg check my_study.yaml",
        "file",
    ),
    "diff": Command(
        "experiments.diff",
        "say what differs between two studies, and whether it matters",
        "Compares two settings files, regions, prepared sets of parameters or study folders:\n"
        "which keys differ, B minus A under the same seeds with intervals, whether the effect of\n"
        "an arm changed, and, of 2 to 8 changes, which one did it. --no-run only says what\n"
        "changed. Two folders are compared as they are kept. Where the towns differ nothing is\n"
        "paired, and no difference is given. Nothing is written.",
        "thalweg diff default tight_purse seeds=50",
        "diff",
    ),
    "status": Command(
        "experiments.status",
        "say what a study folder holds and what is missing",
        "Counts the runs of a folder from its parts: ok, failed, aborted and pending, which\n"
        "chunks are missing and why, and whether this installation can go on with it. Reads only.",
        "thalweg status results/demo",
        "status",
    ),
    "verify": Command(
        "experiments.verify",
        "simulate a random share of the runs again and compare bits",
        "Simulates a random share of the runs of a folder once more and compares every outcome\n"
        "and series bit for bit with what is kept. Ends with 1 where one differs.",
        "thalweg verify results/demo --share 0.01",
        "verify",
    ),
    "replay": Command(
        "experiments.replay",
        "simulate one run of a study again, exactly",
        "Simulates the run of one row again from what the folder keeps: inputs, status, outcomes\n"
        "beside the kept ones, and where it failed. --story tells its history; --out DIR keeps\n"
        "events and series.",
        "thalweg replay results/demo 17",
        "replay",
    ),
    "trace": Command(
        "experiments.trace",
        "say why the crisis of one run happened",
        "Simulates the run of one row again and explains its gravest crisis: the chain of acts\n"
        "from first cause to highest rung, and the same history under the same draws with one\n"
        "cause left out at a time: which removals avert the crisis, which delay it, which change\n"
        "nothing, and where either of two would do. Chain and removals are kept as tables, the\n"
        "chain as a figure.",
        "thalweg trace results/demo 17",
        "trace",
    ),
    "live": Command(
        "experiments.live",
        "watch one history in a browser and change it while it runs",
        "Serves a page on this machine (127.0.0.1) and nowhere else: map, both ladders, the last\n"
        "acts, and sliders for mechanisms and some parameters that act from the next week on.\n"
        "Settings as for run; port=8051 for another port. Nothing is written. One history is an\n"
        "anecdote. Ctrl-C ends it. Needs the extra 'live'. docs/live.md.",
        "thalweg live region=fergana",
        "live",
    ),
    "pack": Command(
        "experiments.pack",
        "make a capsule of a study that can be cited and verified",
        "Writes one archive with configs, design, results, provenance, report, checksums and how\n"
        "to verify them. Equal folders give equal archives.",
        "thalweg pack results/demo --out demo.tar.gz",
        "pack",
    ),
    "digest": Command(
        "experiments.results",
        "print one hash of the results of a folder",
        "Prints how many runs a folder holds and, as the last line, one hash (64 hex digits) over\n"
        "the results. Times, paths, threads and chunk length do not enter it: equal hashes mean\n"
        "equal results, bit for bit.",
        "thalweg digest results/demo",
        "folder",
    ),
    "regions": Command(
        "experiments.region_command",
        "list the regions, or build one of your own border",
        "Lists the regions with what each shows: those that come with Thalweg, those of\n"
        "--config-dir DIR, and region files in this folder. Everything is simulated, not\n"
        "observed; no position on any border.\n\n"
        "build writes a new region file, borders the lines of its map: see docs/own-border.md.",
        "thalweg regions build name=my_border countries=FR,ES radius_km=30 out=my_border.yaml",
        "regions",
    ),
    "new": Command(
        "experiments.new",
        "make a folder with a study and a region of your own",
        "Writes a commented study.yaml, a region file, a README with the next commands, and\n"
        "schemas for your editor; it runs as it is. Without more it is an invented border of five\n"
        "towns; from=fergana copies a region that comes with Thalweg, countries=FR,ES or\n"
        "towns=FILE and the other words of regions build make it from places. A folder that is\n"
        "there is left alone. Nothing is simulated.",
        "thalweg new mystudy",
        "new",
    ),
    "coursework": Command(
        "experiments.coursework",
        "list the exercises for students, start one, check the answers",
        "Without a word: the exercises. start N [FOLDER] copies one into a fresh folder (never\n"
        "over one that is there). check N [FOLDER] reads answers.yaml there, works out what is\n"
        "right from the student's own study folder and says, entry by entry, what is right, what\n"
        "is not and which kind of slip it is. Ends with 0 when all is right, with 1 when not.\n"
        "docs/coursework has the texts, and a page for teachers.",
        "thalweg coursework start 1",
        "coursework",
    ),
    "doctor": Command(
        "experiments.doctor",
        "check this installation and say what is missing",
        "Prints versions, the cache of compiled code, threads, and what is missing with its cure.",
        "thalweg doctor",
        "",
    ),
}
EXITS = "exit codes: 0 done, 1 failed, 2 usage, 3 done but some runs failed, 130 interrupted"
