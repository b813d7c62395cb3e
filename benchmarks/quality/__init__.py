"""How right the records are on annotated texts: figures, what changed since the baseline, how sure each field is.

    make quality             # compare with tests/gold/baseline.json; fails when a layer drops
    make quality UPDATE=1    # write the baseline, pipeline/rules/reliability.toml, docs/quality.md and its plot anew

`../shared/score.py` counts; nothing here decides what is right.
"""
