"""Words of slices: parts of an uploaded file's rows."""

ENGLISH = {
    "slices.column": "Slice by",
    "slices.not": "not sliced",
    "slices.table": "Accuracy by slice",
    "slices.all": "all rows",
    "slices.none": "(no value)",
    "slices.rows": "Rows",
    "slices.accuracy": "Accuracy",
    "slices.interval": "{low} to {high}",
    "slices.difference": "Difference to the rest (points)",
    "slices.p": "p (Fisher, Holm)",
    "slices.ranges": "{column} has many numbers: its slices are quartiles.",
    "slices.fact": "{column} = {value}",
}

CHINESE = {
    "slices.column": "按列切分",
    "slices.not": "不切分",
    "slices.table": "各部分的准确率",
    "slices.all": "全部行",
    "slices.none": "（无值）",
    "slices.rows": "行数",
    "slices.accuracy": "准确率",
    "slices.interval": "{low} 至 {high}",
    "slices.difference": "与其余行之差（百分点）",
    "slices.p": "p 值（精确检验，已校正）",
    "slices.ranges": "“{column}”的数值较多，按四分位数切分。",
    "slices.fact": "{column} = {value}",
}
