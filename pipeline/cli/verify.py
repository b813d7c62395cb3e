"""verify: whether what is published is whole."""

from __future__ import annotations

import argparse

from pipeline.cli.arguments import Commands, add_curated, command
from pipeline.cli.errors import InputError, need_dataset


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """The parser of `verify`."""
    words = "核验已发布的全部摘要、主键、位置与原文 check every hash, key, offset and quote of what is published"
    made = command(commands, common, "verify", words)
    add_curated(made)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what is damaged; 1 if anything is."""
    from pipeline.verify import CLASSES, verify

    need_dataset(arguments.curated)
    result = verify(arguments.curated)
    looked = f"{result.issues} 期 issues · {result.files} 个文件 files · {result.rows} 行 rows"
    if result.kind is None:
        print(f"完好 all good: {looked}")
        return 0
    print(f"{CLASSES[result.kind]}: {len(result.findings)}")
    for finding in result.findings:
        print(f"  {finding}")
    raise InputError(f"{arguments.curated}: 数据受损，请重新发布 damaged, publish again: gongbao ingest PATH --again")
