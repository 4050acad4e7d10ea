"""Words of precision-recall and ROC curves, and of the areas below them."""

ENGLISH = {
    "areas.fold": "Precision–recall and ROC",
    "areas.table": "Areas under the curves",
    "areas.title": "{name} against the rest",
    "areas.note": (
        "Each class against the rest, by its probability. Micro: every decision counts the same; macro: every class. "
        "AP is average precision; AP and AUC are computed from all thresholds, as scikit-learn defines them. "
        "Select a class in the table to draw it."
    ),
    "areas.best": (
        "Only the {count} largest probabilities of each prediction were recorded; curves need those of all classes."
    ),
    "areas.class": "Class",
    "areas.micro": "micro average",
    "areas.macro": "macro average",
    "areas.average_precision": "Average precision",
    "areas.auc": "AUC",
    "areas.legend": "{name}: AP {average_precision}, AUC {auc}",
    "areas.average_precision.title": "Precision (%)",
    "areas.average_precision.unit": "recall (%)",
    "areas.average_precision.said": "{name}: average precision {value}",
    "areas.auc.title": "True positive rate (%)",
    "areas.auc.unit": "false positive rate (%)",
    "areas.auc.said": "{name}: area under the ROC curve {value}",
    "areas.place": "Threshold {threshold}: recall {recall}, precision {precision}, false positive rate {rate}",
    "areas.threshold": "Threshold",
    "areas.recall": "Recall",
    "areas.precision": "Precision",
    "areas.rate": "False positive rate",
}

CHINESE = {
    "areas.fold": "精确率-召回率曲线与 ROC 曲线",
    "areas.table": "曲线下面积",
    "areas.title": "{name} 与其余类别",
    "areas.note": (
        "按概率将每个类别与其余类别区分。微平均：每次判断权重相同；宏平均：每个类别权重相同。"
        "AP 为平均精确率；AP 和 AUC 由全部阈值算出。在表中选择一个类别即可画出其曲线。"
    ),
    "areas.best": "每个预测只记录了最大的 {count} 个概率；曲线需要全部类别的概率。",
    "areas.class": "类别",
    "areas.micro": "微平均",
    "areas.macro": "宏平均",
    "areas.average_precision": "平均精确率",
    "areas.auc": "AUC",
    "areas.legend": "{name}：AP {average_precision}，AUC {auc}",
    "areas.average_precision.title": "精确率（%）",
    "areas.average_precision.unit": "召回率（%）",
    "areas.average_precision.said": "{name}：平均精确率 {value}",
    "areas.auc.title": "真正例率（%）",
    "areas.auc.unit": "假正例率（%）",
    "areas.auc.said": "{name}：ROC 曲线下面积 {value}",
    "areas.place": "阈值 {threshold}：召回率 {recall}，精确率 {precision}，假正例率 {rate}",
    "areas.threshold": "阈值",
    "areas.recall": "召回率",
    "areas.precision": "精确率",
    "areas.rate": "假正例率",
}
