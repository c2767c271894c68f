"""What ``thalweg COMMAND --help`` says about settings. Standard library only, as in the door."""

from __future__ import annotations

import textwrap

from experiments.shipped import region_names

_SETTINGS = """\
settings are written key=value, in any order, for example
{regions}
  years=20 seed=7 tick_weeks=1     horizon (1 to 200), first seed, length of a tick (0.25 to 4)
  spinup_years=30 threads=2        years before the start, threads (default: all cores)
  mechanisms=full                  none, full, negotiated (left to the towns), or one by name
  mechanisms.joint_committee.intensity=0.5     (0 to 1); also .from_year=5, .mode=negotiated and
                                   .dyads=Isfara-Batken,Ak-Sai-Vorukh (default: all pairs of towns)
  parameters.drought.severity_mean=0.4         any declared parameter; a typo names the nearest
  out=DIR                          where the results go (default: results/COMMAND-REGION-ID)
"""
_SWEEP = """\
settings of sweep, besides those above:
  study=NAME or study=my.yaml      settings from configs/study, or from a file of yours
  method=sobol n=256               grid (default), latin, sobol (rows n x (swept + 2)), morris
  parameters.drought.severity_mean='interval(0.1,0.5)'     quotes keep the shell away
  region=fergana,upper_rhine parameters='glob(fit_*)'      frames: crossed with everything
  outcomes=crisis_resource,violent_rate series=all series_every=4 events=true     what is kept
  arms=subsets:exchanges,inclusion,mutual_aid              all subsets of up to 8 mechanisms
  engine=joblib engine.jobs=4      who carries the chunks; hydra/launcher=joblib is understood
"""
_REGIONS = """\
settings of build (key=value):
  name=my_border out=my_border.yaml            name of the region, file to write
  countries=FR,ES                  two or three countries: towns from GeoNames (extra 'geo'), or
  towns=towns.csv                  your own: name,nation,latitude,longitude,population
  radius_km=30                     towns of two nations that lie so close face each other
  most=12 least_population=1000 near=Hendaye   with countries=: which towns
  flow=flow.csv                    monthly series (month,flow): season, variation, memory fitted
  flow_unit=m3/s weather=fitted    or million_m3, acre_feet (a month); recorded: replay the series
  scarcity=0.4                     need over mean supply where no flow is given
  map=countries-10m.json           border lines for the map (npm package world-atlas)
settings of borders: region=my_border.yaml map=countries-10m.json
"""
_DIFF = """\
A and B are each one of
  my_study.yaml                    a settings file, as for compare --config or sweep study=
  my_border.yaml                   a region file, or the name of a region
  tight_purse                      a prepared set of parameters, by its name or its file
  results/mine                     a study folder
settings (key=value), laid over both sides:
  seeds=50 seed=1                  histories of each arm, the same seeds on both sides
  years=20 region=upper_rhine      and every other setting of compare
  arms=none,full                   default: the arms that A or B names, else none,full
"""
_SETTING, _COLUMN, _WIDTH = "  region=lower_colorado", 35, 99


def settings_help() -> str:
    """Settings of run and compare, every region that ships among them."""
    named = ", ".join([*region_names(), "or my.yaml"])
    regions = textwrap.fill(
        named, _WIDTH, initial_indent=_SETTING.ljust(_COLUMN), subsequent_indent=" " * _COLUMN
    )
    return _SETTINGS.format(regions=regions)


def sweep_help() -> str:
    """Settings that only ``thalweg sweep`` takes."""
    return _SWEEP


def regions_help() -> str:
    """Settings of ``thalweg regions build``."""
    return _REGIONS


def diff_help() -> str:
    """What ``thalweg diff`` compares, and its settings."""
    return _DIFF
