"""Words of the tab Compare itself; each of its parts has a module of its own."""

ENGLISH = {
    "compare.tab": "Compare",
    "compare.depth": "Depth",
    "compare.depth.question": "Does depth need shortcuts?",
    "compare.shortcuts": "A, B, C",
    "compare.shortcuts.question": "What do A, B and C do?",
    "compare.published": "Cost and accuracy",
    "compare.published.question": "What do they cost, and what do they bring?",
    "compare.race": "Race",
    "compare.race.question": "Who learns faster, with shortcuts or without?",
    "compare.agreement": "One image",
    "compare.agreement.question": "One image: do all variants agree?",
}

CHINESE = {
    "compare.tab": "对比",
    "compare.depth": "深度",
    "compare.depth.question": "网络加深，需要捷径连接吗？",
    "compare.shortcuts": "A、B、C",
    "compare.shortcuts.question": "方案 A、B、C 各做什么？",
    "compare.published": "代价与准确率",
    "compare.published.question": "代价多大，收益多少？",
    "compare.race": "比赛",
    "compare.race.question": "有无捷径连接，谁学得更快？",
    "compare.agreement": "同一张图像",
    "compare.agreement.question": "同一张图像，各个模型的判断一致吗？",
}
