"""Tables of work: which tables state tasks, and what their rows give. All tables are invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipeline.assemble.rows import Place
from pipeline.assemble.table_owners import joined
from pipeline.assemble.table_repeats import link
from pipeline.assemble.table_tasks import TableTasks, table_tasks
from pipeline.assemble.table_work import head_of, is_deadline, is_owner
from pipeline.assemble.tables import sheets
from pipeline.model import AnnexTable, Document, Grid, PlacedGrid, Source, Text
from pipeline.resolve.regions import territory_of
from pipeline.rules import rules

TITLE = "云海市2031年重点任务分工表"
CITY = territory_of("焦作市人民政府")
BASE = date(2031, 3, 1)


def read(text: str, title: str = TITLE, base: date = BASE) -> TableTasks | None:
    rows = [tuple(c.replace("\\n", "\n") for c in line.split("\t")) for line in text.split("\n")]
    source = Source("a.md", "0" * 64, "text/markdown", ())
    whole = Text(f"云海市方案\n{title}", (), (), (), source)
    grid = PlacedGrid(Grid(tuple(rows), tuple(range(1, len(rows) + 1))), len(whole.text))
    document = Document(1, 0, len(whole.text), 0, 5, tables=(AnnexTable(grid, title, 1),))
    ((table, sheet),) = sheets(document)
    return table_tasks(Place(whole, "i", "i/1", CITY), document, table, sheet, "i/1/t1", 3, base)


def tasks(text: str, title: str = TITLE, base: date = BASE) -> list[dict[str, Any]]:
    found = read(text, title, base)
    assert found
    return found.tasks


def test_a_row_is_a_task() -> None:
    found = read(
        "序号\t重点任务\t目标\t牵头单位\t配合单位\t完成时限\n"
        "1\t完成清河疏浚8公里\t水质达标率不低于90%\t市水利局\t市财政局、生态环境局\t2031年6月底前\n"
        "2\t编制防汛预案\t/\t市应急局\t/\t长期坚持"
    )
    assert found
    one, two = found.tasks
    assert (one["task_id"], one["measure_id"], one["table_id"], one["table_row"]) == ("i/1/t1#1", "i/1/t1", "i/1/t1", 1)
    assert (one["action"], one["text"]) == ("完成清河疏浚8公里", "完成清河疏浚8公里")
    assert one["lead"] == ["焦作市水利局"] and one["support"] == ["焦作市财政局", "焦作市生态环境局"]
    assert (one["deadline"], one["due_on"], one["due_precision"]) == ("2031年6月底前", date(2031, 6, 30), "month")
    assert one["target"] == "清河疏浚 = 8 公里；水质达标率 ≥ 90 %"
    assert all(t["target_id"] is None for t in one["targets"])
    assert (two["deadline"], two["due_on"], two["support"]) == ("长期坚持", None, [])
    assert {t["quote"] for t in found.tasks} == {TITLE} == {found.measure["quote"]}
    assert found.measure["ordinal"] == 3 and set(found.bodies) and not found.unread


NO_WORK = [
    ("区县\t2031年\t2032年\n甲县\t3\t4\n乙县\t5\t6", "云海市任务表", "numbers"),
    ("序号\t项目名称\t建设单位\n1\t清河大桥\t市城投公司", "重点项目表", "projects, not work"),
    ("序号\t事项名称\t实施机关\n1\t取水许可\t市水利局", "行政许可事项目录", "a list of rights"),
    ("姓名\t职务\t工作单位\n甲某\t局长\t市水利局", "领导小组成员名单", "persons"),
    ("考核内容\t分值\t责任单位\n巡查台账齐全完备\t5\t市水利局", "考核评分标准", "marks"),
    ("县区\t任务数\t责任单位\n甲县\t12\t甲县人民政府", "植树任务表", "a share of a number"),
    ("指标\t单位\t2030年\t2035年\n耕地保有量\t万亩\t30\t30", "主要指标", "unit of measure"),
    ("指标\t单位\t2035年目标\n耕地保有量\t万亩\t30", "主要指标", "nobody answers for it"),
]


@pytest.mark.parametrize(("text", "title", "reason"), NO_WORK)
def test_other_tables_state_no_tasks(text: str, title: str, reason: str) -> None:
    assert read(text, title) is None, reason


WHO = [
    ("责任单位", "市水利局牵头，市财政局配合", {"lead": ["水利局"], "support": ["财政局"]}, "verbs in the cell"),
    ("责任单位", "牵头单位：市水利局\\n配合单位：市财政局", {"lead": ["水利局"], "support": ["财政局"]}, "labels"),
    ("责任部门", "市水利局\\n市财政局", {"responsible": ["水利局", "财政局"]}, "one below the other"),
    ("责任部门", "市水利局<br>市财政局", {"responsible": ["水利局", "财政局"]}, "a break of HTML"),
    ("责任部门", "市水利局 市财政局", {"responsible": ["水利局", "财政局"]}, "a blank between"),
    ("责任部门", "市农业农\\n村局", {"responsible": ["农业农村局"]}, "a name broken by its column"),
    ("责任部门", "市水利局、\\n财政局", {"responsible": ["水利局", "财政局"]}, "a list broken by its column"),
    ("主责单位", "市水利局", {"lead": ["水利局"]}, "another word for the lead"),
    ("参与单位", "市水利局", {"support": ["水利局"]}, "another word for support"),
    ("牵头单位(部门)", "市水利局", {"lead": ["水利局"]}, "a bracket in the head"),
    ("牵头科室", "市水利局", {"lead": ["水利局"]}, "offices of a bureau"),
    ("指导部门", "市水利局", {"responsible": ["水利局"]}, "a head of reforms"),
]


@pytest.mark.parametrize(("head", "cell", "expected", "reason"), WHO)
def test_owners(head: str, cell: str, expected: dict[str, list[str]], reason: str) -> None:
    (task,) = tasks(f"序号\t重点任务\t{head}\n1\t完成清河疏浚8公里\t{cell}")
    found = {role: task[role] for role in ("lead", "responsible", "support", "implement") if task[role]}
    assert found == {role: ["焦作市" + n for n in names] for role, names in expected.items()}, reason


WHEN = [
    ("6月底前", date(2031, 6, 30), "year of the title"),
    ("2032.6", date(2032, 6, 30), "a point between year and month"),
    ("2032-06-30", date(2032, 6, 30), "a day in figures"),
    ("2031年6月底前制定方案，12月底前完成", date(2031, 12, 31), "the last of two"),
    ("第三季度", date(2031, 9, 30), "a quarter"),
    ("持续推进", None, "no date"),
    ("/", None, "no time"),
]


@pytest.mark.parametrize(("cell", "due", "reason"), WHEN)
def test_times(cell: str, due: date | None, reason: str) -> None:
    (task,) = tasks(f"重点任务\t责任单位\t时间节点\n完成清河疏浚8公里\t市水利局\t{cell}", base=date(2030, 12, 20))
    assert task["due_on"] == due, reason
    assert task["deadline"] == (None if cell == "/" else cell), reason


def test_a_time_in_the_words_of_the_task() -> None:
    (task,) = tasks("重点任务\t责任单位\n2031年9月底前，完成清河疏浚8公里\t市水利局")
    assert (task["action"], task["due_on"]) == ("完成清河疏浚8公里", date(2031, 9, 30))


def test_groups_of_rows_merged_cells_and_sections() -> None:
    found = tasks(
        "序号\t重点任务\t工作举措\t责任单位\t完成时限\n"
        "一、水利\t\t\t\t\n"
        "1\t河道整治\t完成清河疏浚8公里\t市水利局\t6月底前\n"
        "\t\t改造泵站3座\t\t\n"
        "2\t管网改造\t更换供水管网20公里\t市住房城乡建设局\t9月底前\n"
        "二、教育\t二、教育\t二、教育\t二、教育\t二、教育\n"
        "3\t学校建设\t新建小学2所\t市教育局\t12月底前"
    )
    assert [t["action"] for t in found] == ["完成清河疏浚8公里", "改造泵站3座", "更换供水管网20公里", "新建小学2所"]
    assert [t["responsible"][0][3:] for t in found] == ["水利局", "水利局", "住房和城乡建设局", "教育局"]
    assert [t["due_on"].month for t in found] == [6, 6, 9, 12]
    assert [t["ordinal"] for t in found] == [1, 2, 3, 4]


def test_two_rows_of_heads() -> None:
    (task,) = tasks(
        "序号\t重点任务\t责任单位\t\t完成时限\n\t\t牵头单位\t配合单位\t\n1\t完成清河疏浚8公里\t市水利局\t市财政局\t6月底前"
    )
    assert (task["lead"], task["support"]) == (["焦作市水利局"], ["焦作市财政局"])


def test_a_matter_and_what_is_done() -> None:
    found = tasks(
        "改革举措\t主要内容\t指导部门\n"
        "推行取水许可与排污许可联合办理\t将两项申请并为一次受理，共用材料不再重复提交。\t市水利局\n"
        "节水\t推广滴灌2万亩\t市农业农村局"
    )
    assert [t["action"] for t in found] == ["推行取水许可与排污许可联合办理", "推广滴灌2万亩"]
    assert found[0]["text"].endswith("不再重复提交。")


def test_goals_of_a_year_in_the_head() -> None:
    (task,) = tasks("重点任务\t2031年目标(公里)\t责任单位\n推进清河疏浚\t8\t市水利局")
    (goal,) = task["targets"]
    assert (goal["low"], goal["unit"]) == (8, "公里")


def test_indicators_with_bodies_that_answer_for_them() -> None:
    one, two = tasks("指标\t2031年目标\t牵头单位\n粮食产量\t增长2%左右\t市农业农村局\n森林覆盖率(%)\t41\t市林业局")
    assert (one["action"], one["due_on"], one["target"]) == (
        "粮食产量增长2%左右",
        date(2031, 12, 31),
        "粮食产量增长 ≈ 2 %",
    )
    assert (two["action"], two["targets"][0]["low"], two["lead"]) == ("森林覆盖率41%", 41, ["焦作市林业局"])


def test_names_nobody_knows_are_kept() -> None:
    found = read("重点任务\t责任单位\n完成清河疏浚\t市水利局、其他人员")
    assert found and found.unread == [("organisation", "其他人员")]


def test_a_table_without_title_stands_under_the_line_above() -> None:
    found = read("重点任务\t责任单位\n完成清河疏浚\t市水利局", title="")
    assert found and found.measure["quote"] == "云海市方案"


MEASURES = [
    {
        "measure_id": "i/1/1",
        "document_id": "i/1",
        "title": "疏浚河道",
        "text": "疏浚河道。完成清河疏浚8公里，整治排污口12个。",
    },
    {"measure_id": "i/1/2", "document_id": "i/1", "title": "防汛", "text": "防汛。修订防汛预案，每年演练1次。"},
    {"measure_id": "i/1/3", "document_id": "i/1", "title": "节水", "text": "节水。修订防汛预案，推广滴灌。"},
]


def repeated(text: str, due: date | None = None) -> tuple[Any, Any]:
    row: dict[str, Any] = {"task_id": "t", "measure_id": "i/1/t1", "document_id": "i/1", "table_id": "i/1/t1"}
    row |= {"text": text, "due_on": due}
    of_text: list[dict[str, Any]] = [
        {"task_id": f"i/1/1#{n}", "measure_id": "i/1/1", "document_id": "i/1", "text": said, "due_on": day}
        for n, (said, day) in enumerate(
            [
                ("完成清河疏浚8公里", date(2031, 12, 31)),
                ("完成清河疏浚8公里", date(2032, 12, 31)),
                ("整治排污口12个", None),
            ],
            1,
        )
    ]
    link([*of_text, row], MEASURES, [{"document_id": "i/1", "doc_number": None}])
    return row["repeats_measure_id"], row["repeats_task_id"]


def test_the_paragraph_that_a_row_repeats() -> None:
    assert repeated("完成清河疏浚8公里") == ("i/1/1", "i/1/1#1")
    assert repeated("完成清河疏浚8公里", date(2032, 12, 31)) == ("i/1/1", "i/1/1#2")
    assert repeated("整治排污口15个") == ("i/1/1", "i/1/1#3")
    assert repeated("修订防汛预案") == (None, None)  # two measures say so
    assert repeated("新建学校2所") == (None, None)


BY_RULE: dict[str, Callable[[str], bool]] = {
    "table_work.task": lambda t: read(t, "云海市一览表") is not None,
    "table_work.owner": lambda t: is_owner(head_of((t,))),
    "table_work.time": lambda t: is_deadline(head_of((t,))),
    "table_work.repeats": lambda t: repeated(t)[0] is not None,
}
CASES = [
    (r["id"], text, kind == "examples")
    for r in rules("table_work")
    for kind in ("examples", "counter_examples")
    for text in r[kind]
]


@pytest.mark.parametrize(("rule", "text", "expected"), CASES)
def test_rules_do_what_their_examples_say(rule: str, text: str, expected: bool) -> None:
    assert BY_RULE[rule](text) is expected


def test_lines_of_a_cell() -> None:
    assert joined("市水利局，\n市财政局") == "市水利局，市财政局"
    assert joined("市发展和\n改革委员会") == "市发展和改革委员会"
