"""Words of the tab Compare itself; each of its sections has a module of its own."""

ENGLISH = {
    "compare.tab": "Compare",
    "compare.lead": "Shortcut options A, B and C differ in one thing: how the shortcut gets through a block that "
    "changes dimensions. Here is what each does to a tensor, what it costs, and what it brings: little at depth 20, "
    "and harm where great depth and option C meet.",
    "compare.ways": "What A, B and C do",
    "compare.published": "What they cost, and what they bring",
    "compare.race": "Race them live",
    "compare.picture": "One picture, all variants",
    "compare.depth": "Deeper, and worse: the degradation of plain networks",
}

CHINESE = {
    "compare.tab": "对比",
    "compare.lead": "捷径选项 A、B、C 只差一处：捷径如何通过改变维度的残差块。这里展示各自对张量做了什么、代价多大、"
    "收益多少：深度 20 时收益很小；深度很大又用选项 C 时反而有害。",
    "compare.ways": "A、B、C 各做什么",
    "compare.published": "代价与收益",
    "compare.race": "现场比一场",
    "compare.picture": "同一张图片，所有变体",
    "compare.depth": "越深反而越差：普通网络的退化",
}
