"""What cannot be done, in Chinese: the sentence of each code, with the names of its values in braces."""

from __future__ import annotations

from . import hub, rooms

ACCEPTED = (
    "可以使用 JPEG、PNG、WebP、GIF、BMP 和 TIFF，文件不超过 {most_megabytes:g} MB、{most_megapixels:g} 百万像素，"
    "长和宽都不少于 {least_side} 像素，且长边不超过短边的 {most_ratio} 倍。"
)
GENERAL = {
    # an image
    "image.missing": "“{name}”不存在；" + ACCEPTED,
    "image.directory": "“{name}”是文件夹，不是图像；" + ACCEPTED,
    "image.unopened": "“{name}”无法打开；" + ACCEPTED,
    "image.empty": "“{name}”是空文件（0 字节）；" + ACCEPTED,
    "image.bytes": "“{name}”有 {megabytes:.1f} MB；" + ACCEPTED,
    "image.format": "“{name}”不是已知格式的图像；" + ACCEPTED,
    "image.heic": (
        "“{name}”是 HEIC 照片，请先另存为 JPEG（iPhone：设置、相机、格式、兼容性最佳），"
        "或安装 pillow-heif 软件包后直接读取；" + ACCEPTED
    ),
    "image.pixels": "“{name}”有 {width}×{height} 像素，太大了；" + ACCEPTED,
    "image.small": "“{name}”只有 {width}×{height} 像素，太小了；" + ACCEPTED,
    "image.ratio": "“{name}”有 {width}×{height} 像素，过于细长；" + ACCEPTED,
    "image.broken": "“{name}”已损坏或不完整；" + ACCEPTED,
    # a data set
    "data.unknown": "没有名为“{name}”的数据集；可用的有 {known}，或者一个文件夹或 .zip 文件的路径，"
    "其中每个类别有一个图像子文件夹",
    "data.not_here": "{name} 还不在这台机器上，需要先下载（{megabytes} MB）。",
    "data.gone": "这些图像不在这里，或者已被删除；只能使用在这里上传并保留的图像。",
    "data.expired": "“{name}”已不在服务器上：上传的文件最多保留 {minutes} 分钟；请重新上传。",
    "data.preparing": "来自您的地址已有 {count} 个数据集正在准备，最多同时准备 {most} 个；请等其中一个完成。",
    "data.not_stored": "{name} 的图像已准备好，但无法保存在这台机器上，因此无法显示；请在那里腾出空间，"
    "或让 RESNET_DEMO_CACHE 指向一个可写的文件夹。",
    "data.layout": "“{file}”无法按 Hub 的格式读取为 {name}（{detail}）；可以使用 {repository} 中未经改动的文件。",
    "data.damaged": "{name} 的一个已下载文件已损坏（{detail}），已将其删除；再试一次即可重新下载。",
    # downloads of data sets and of weights
    "download.offline": "{name} 不在这台机器上，从这里也无法连接 {host}；其他功能不受影响，"
    "也可以手动把 {repository} 的文件放进一个文件夹（{files}），并用 {variable} 指明该文件夹。",
    "download.refused": "{host} 目前不提供 {name}（HTTP {status}）。",
    "download.cut": "{name} 共 {total:.1f} MB，下载到 {done:.1f} MB 时连接中断；已下载的部分会保留，再试一次即可继续。",
    "download.checksum": "下载到的 {name} 与预期的文件不符，已将其删除；再试一次即可重新下载。",
    "download.disk": "{name} 无法保存在这台机器上：{detail}。",
    # a folder or zip of images
    "data.no_file": "“{name}”不存在；可以使用文件夹或 .zip 文件。",
    "data.bad_zip": "“{name}”不是可读的 zip 文件；可以使用文件夹或 .zip 文件。",
    "data.upload": "“{name}”有 {megabytes:.1f} MB；上限是 {most:g} MB。",
    "data.uploads": "从这里已经上传了 {count} 份图像，上限是 {most}；请先删除其中一份。",
    "data.disk": "“{name}”无法保存在这台机器上：{detail}；请使用更小的文件。",
    "data.listing": "“{name}”列出的文件远多于上限 {most:,} 个。",
    "data.files": "“{name}”中的文件多于上限 {most:,} 个。",
    "data.bomb": "“{name}”解压后是原来的 {times} 倍；上限是 {most} 倍。",
    "data.unpacked": "“{name}”解压后超过 {gigabytes:g} GB 的上限。",
    "data.encrypted": "“{name}”已加密；可以使用没有密码的 zip 文件。",
    "data.leaves": "“{name}”中有通向外部的路径“{path}”；路径只能在压缩包之内。",
    "data.no_class": "“{name}”中没有类别文件夹；需要至少 2 个以类别命名的子文件夹，每个里面至少有 2 张图像。",
    "data.one_class": "“{name}”中只有一个类别文件夹；需要至少 2 个以类别命名的子文件夹，每个里面至少有 2 张图像。",
    "data.memory": "{count} 张 {size} × {size} 像素的图像超过 {gigabytes:g} GB；请减少图像或使用更小的尺寸。",
    "data.pixels": "“{name}”中的图像合计超过 {gigapixels:g} 十亿像素；请减少图像或使用更小的图像。",
    "data.tiny_class": "类别“{name}”可用于训练的图像太少（{count} 张）；每个类别至少需要 2 张。",
    "data.tiny_class_skipped": "类别“{name}”可用于训练的图像太少（{count} 张）；每个类别至少需要 2 张；"
    "略过了 {skipped} 个文件，第一个：{first}",
    # one file among many
    "data.nested": "“{name}”是压缩包里的压缩包；可以使用的是图像。",
    "data.link": "“{name}”是链接；可以使用的是图像。",
    "data.large": "“{name}”有 {megabytes:.1f} MB；每张图像不能超过 {most:g} MB。",
    "data.unread": "“{name}”无法读取；可以使用的是完整的图像。",
    "data.loose": "“{name}”不在任何类别文件夹中。",
    "data.row": "“{name}”的图像编号是 0 到 {last}，没有 {given}。",
    "data.unchanged": "“{name}”中没有改过类别或去掉的图像；请至少改动一张。",
    # a table of predictions
    "table.no_file": "“{name}”不存在；可以使用 CSV 和 parquet 文件。",
    "table.empty": "“{name}”是空的；第一行应为列名，下面每张图像一行。",
    "table.no_rows": "“{name}”在列名下面没有任何行；应为每张图像一行。",
    "table.format": "“{name}”无法作为表格读取；可以使用 parquet，或第一行为列名的 UTF-8 编码的 CSV。",
    "table.broken": "“{name}”是损坏或不寻常的 parquet 文件；可以使用 pandas 写出的完整文件。",
    "table.encoding": "“{name}”的第 {row} 行不是 UTF-8 编码；请另存为“CSV UTF-8”。",
    "table.one_column": "“{name}”只有一列“{column}”；至少需要 y_true 和 y_pred 两列，以逗号、分号或制表符分隔。",
    "table.unclear": "从列名（{found}）看不出“{name}”的哪一列是真实标签、哪一列是预测标签；可以使用 y_true 和 y_pred，"
    "或 y_true 和每个类别一列的概率，也可以自行选择列。",
    "table.no_column": "“{name}”没有“{column}”列；可以使用的列有：{found}。",
    "table.same_column": "“{name}”的“{column}”列同时被选为真实标签和预测标签；应选择两个不同的列。",
    "table.class": "“{name}”没有类别“{label}”的列；需要 y_pred，或者每个类别一列。",
    "table.twice": "“{name}”中“{column}”列出现了两次；每个列名只能出现一次。",
    "table.cells": "“{name}”的第 {row} 行有 {count} 格；应与第 1 行一样有 {header} 格。",
    "table.quote": "“{name}”的第 {row} 行有一个没有配对的引号；引号应成对出现。",
    "table.missing": "“{name}”的第 {row} 行在“{column}”列中没有内容；每一行都应填全。",
    "table.label": "“{name}”的第 {row} 行在“{column}”列中是“{label}”；可以使用的是类别名（{classes}）或 0 到 {last} 的"
    "整数。",
    "table.name": "“{name}”的第 {row} 行在“{column}”列中是“{label}”；可以使用的是类别名（{classes}）。",
    "table.double": "“{name}”的第 {row} 行在“{column}”列中是“{label}”，有两个类别叫这个名字；"
    "此时请使用 0 到 {last} 的整数。",
    "table.mixed": "“{name}”的“{named}”列是名称（第 {row} 行为“{label}”），而“{numbered}”列是数字（“{number}”）；"
    "两列应一致。",
    "table.number": "“{name}”的第 {row} 行在“{column}”列中是“{value}”；应为 0 到 1 的概率。",
    "table.sum": "“{name}”第 {row} 行从“{first}”到“{last}”各列的概率之和是 {total:.3f}；应为 1。",
    "table.type": "“{name}”的“{column}”列是 {type}；标签应为文本或整数，概率应为数字。",
    "table.classes": "“{name}”的类别多于 {most:,} 个（第 {row} 行“{column}”列的“{label}”是多出的一个）；"
    "混淆矩阵最多显示 {most:,} 个类别。",
    "table.many": "“{name}”有 {count:,} 个类别；混淆矩阵最多显示 {most:,} 个。",
    "table.long": "“{name}”的类别“{label}”有 {count:,} 个字符；上限是 {most} 个。",
    "table.rows": "“{name}”有 {rows:,} 行；列数如此时上限是 {most:,} 行。",
    # a confusion matrix of ready counts
    "counts.square": "“{name}”中的矩阵有 {rows:,} 行、{columns:,} 列；行数和列数应相同，每个类别各一行一列。",
    "counts.value": "“{name}”第 {row} 行第 {column} 列是“{value}”；应为计数，即 0 到 {most:,} 的整数。",
    "counts.missing": "“{name}”第 {row} 行第 {column} 列是空的；每格都应有计数，0 也要写出。",
    "counts.names": "“{name}”的行与列的类别名不同（“{row}”只在行中，“{column}”只在列中）；左侧和顶部应为相同的名称。",
    "counts.unnamed": "“{name}”的第 {place} 个类别没有名称；应给出全部类别的名称，或全都不写。",
    "counts.zero": "“{name}”是全零矩阵；其中应有计数。",
    # groups of classes, and the two sides of a difference
    "groups.form": "第 {line} 行“{text}”不是分组；格式是名称、冒号和类别：“宠物：猫，狗”。",
    "groups.unknown": "第 {line} 行：没有类别“{name}”；可用的有 {known}。",
    "groups.double": "第 {line} 行：“{name}”已经在分组“{group}”中；每个类别只能出现一次。",
    "groups.name": "第 {line} 行：“{name}”已是另一个分组或组外某个类别的名称；请使用不同的名称。",
    "groups.one": "所有类别都在“{name}”中；分组后至少要剩下两个可以区分的类别。",
    "difference.classes": "两边的类别不同（只在第一边：{only_first}；只在第二边：{only_second}）；类别名称应相同，"
    "顺序可以不同。",
    # a value that a field may not have
    "wrong.whole": "{field} 应为 {low} 到 {high} 之间的整数，而不是 {given}",
    "wrong.number": "{field} 应为 {low:.10g} 到 {high:.10g} 之间的数，而不是 {given}",
    "wrong.numbers": "{field} 中的数应在 {low:.10g} 到 {high:.10g} 之间，而不是 {given}",
    "wrong.channels": "{field} 应为 {channels} 个数（每个通道一个），而不是 {given} 个",
    "wrong.choice": "{field} 应为 {allowed} 之一，而不是 {given}",
    "wrong.text": "{field} 应为不超过 {most} 个字符的文本，而不是 {given}",
    "wrong.kind": "{field} 应为 {kind} 类型，而不是 {given}",
    # a configuration that its machine, its data or its network cannot do
    "unfit.bound": "{field} 是 {value}，但这里最多接受 {most}",
    "unfit.one_picture": "每批只有一张图像时无法做批归一化：输入为 {size} 像素时，{network} 最后的特征图只有一个像素。"
    "每个进程的批大小应不小于 2",
    "unfit.memory": "{network} 在批大小为 {batch} 时大约需要 {needed:.1f} GiB，而 {device} 只剩 {there:.1f} GiB："
    "请选择更小的批或更小的网络",
    "unfit.shared": "{batch} 张图像的一批无法分给 {processes} 个进程",
    "unfit.size": "{network} 的输入图像不能小于 {least} 像素，而这些图像是 {size} 像素",
    "unfit.channels": "初始值适用于 {given} 个通道的图像，而这些图像有 {channels} 个通道",
    "unfit.initial": "初始值不属于 {network}（{detail}）；只能使用同一种网络的值，类别数可以不同",
    "unfit.initial_broken": "初始值无法使用：{tensor} 中有不是有限数的值，或小于 0 的方差",
    # why a run ended: by request, as the training loop or the system reports it
    "ended.asked": "已按要求停止，可以恢复训练。",
    "ended.longest": "训练 {seconds:g} 秒后停止：这里每次最多训练这么久。",
    "ended.memory": "第 {step} 步之后内存不足（批大小为 {batch}）：请选择更小的批或更小的网络。",
    "ended.memory_evaluating": "训练已完成，但在评估时内存不足。",
    "ended.loss": "到第 {step} 步时损失中出现了不是有限数的值，训练发散了。请选择小于 {lr:g} 的峰值学习率，"
    "或更长的预热。",
    "ended.weights": "到第 {step} 步时权重中出现了不是有限数的值，训练发散了。请选择小于 {lr:g} 的峰值学习率，"
    "或更长的预热。",
    "ended.process_memory": "内存不足：请选择更小的批或更小的网络。",
    "ended.killed": "训练进程被强制结束（SIGKILL），内存耗尽时系统会这样做。请恢复训练；如果再次如此结束，"
    "请选择更小的批或更小的网络。",
    "ended.crashed": "训练进程崩溃了（{signal}）。请恢复训练；如果再次如此结束，请换一种精度，或不使用编译。",
    "ended.gpu": "GPU 报告了一个错误。请恢复训练：新的进程会重新初始化 GPU。",
    "ended.error": "训练进程因错误而结束（退出码 {exit}），详见它最后的几行输出。",
    "ended.error_silent": "训练进程因错误而结束（退出码 {exit}）。请恢复训练。",
    "ended.process": "训练还没有完成，训练进程就结束了。请恢复训练。",
    # a run that cannot be found or read
    "unknown_run": "这里没有名为“{name}”的训练记录，它可能已被删除。",
    "not_a_run": "{name} 不是训练记录：缺少 config.json",
    "damaged_file": "{file} 已损坏：{detail}",
    "no_weights": "“{name}”没有权重。",
    "damaged_weights": "无法加载 {file}：{detail}",
    "no_epoch": "{run} 没有保存第 {epoch} 轮的预测",
    "no_predictions": "{run} 没有保存在 {on} 上的预测",
    "other_rows": "种子 {seed} 的 {first} 与 {second} 不是在 {on} 的相同样本上评估的",
    # a run that cannot be made, published or exported
    "run_id": "训练记录的编号应为各种系统都允许的文件夹名，而不是 {given}：不含 < > : / \\ | ? * 和双引号，"
    "不以点开头或结尾，不以空格结尾，不是系统的保留名（CON、NUL、COM1），最多 100 个字符",
    "run_exists": "已有名为 {name} 的训练记录；请换一个名称，或恢复它",
    "no_resume": "{run} 无法恢复：它没有保存 {file}（已发布的训练记录都没有）",
    "not_finished": "{run} 的状态是 {state}：只能发布已完成的训练",
    "other_files": "{run} 是用其他文件训练的，应在它自己的数据上评估",
    "half_precision": "{run} 的权重在半精度下有不是有限数的值",
    "not_published": "{file} 缺失，或不是发布时的文件",
    "target_exists": "{target} 已经存在；请先删除它，或换一个名称",
    "not_begun": "{run} 还没有开始，没有可写的内容",
    "no_onnx": "ONNX 格式需要安装相应的软件包：{command}",
    "onnx_differs": "ONNX 文件的结果与模型不一致（相差 {difference:g}），因此没有写出。",
    "cluster.no_package": "使用 Slurm 需要安装软件包 submitit：{command}",
    "cluster.parameters": "submitit 无法使用该集群或这些参数：{detail}",
    "no_trackio": "trackio 格式需要安装它的软件包：{command}",
    "no_tensorboard": "TensorBoard 格式需要安装它的软件包：{command}",
    # a model, and what it is asked
    "unknown_network": "这里没有名为“{name}”的网络，它可能已被删除。",
    "not_here": "{network} 的权重还不在这台机器上，需要先下载（{megabytes:.0f} MB）。",
    "damaged_download": "无法加载 {file}：{detail}。该文件已删除，可以重新下载。",
    "not_finite": "“{name}”给不出概率：它的权重不是有限的数。",
    "top_k": "top_k 应为不小于 1 的整数，而不是 {given}。",
    "temperature": "温度应为 {low:g} 到 {high:g} 之间的数，而不是 {given}。",
    "crop": "裁剪方式应为 centre 或 whole，而不是 {given}。",
    "method": "没有名为 {given} 的热力图；可用的有 {allowed}。",
    "class": "“{name}”的类别编号是 0 到 {last}，没有 {given}。",
    "label": "“{name}”中名为 {given} 的类别有 {count} 个；应为只有一个类别使用的名称，或 0 到 {last} 的编号。",
    "against": "对比需要两个不同的类别，而给出的都是“{label}”。",
    "layer": "“{name}”的层是 layer1 到 layer{stages} 以及其中的残差块（例如 {example}），没有 {given}。",
    "cover": "没有名为 {given} 的遮挡方式；可用的有 {allowed}。",
    "mask": "遮罩是 {given}；应为 {height} × {width} 个布尔值，每个像素一个。",
    "part": "没有名为 {given} 的部分；可用的有输入层（conv1）、阶段（例如 layer1）和残差块（例如 {example}）。",
    "unit": "{part} 的输出有 {rows} × {columns} 个单元，{given} 处没有单元。",
    "cut": "{model} 中没有可以切断的 {given}；可用的是 {first} 到 {last}。",
    # what a server allows its visitors
    "not_yours": "“{name}”属于别人：只能查看，不能更改。",
    "published": "“{name}”随项目发布，不能更改。",
    "running": "“{name}”正在训练，请先停止。",
    "waiting": "“{name}”已经在排队。",
    "not_running": "“{name}”既没有在训练，也没有在排队，不需要停止。",
    "finished": "“{name}”已经完成，没有可恢复的；可以作为新的训练继续。",
    "no_checkpoint": "“{name}”没有保存检查点，无法恢复。",
    "processes": "{processes} 个进程需要同样多的 GPU；这台机器有 {devices} 个。",
    "queue_full": "已有 {waiting} 个训练在排队，达到上限；请过几分钟再试。",
    "too_many_waiting": "从你的地址已有 {waiting} 个训练在进行或排队，达到上限；请等其中一个结束。",
    "too_long": "这里每次最多训练 {seconds:g} 秒；请选择更短的时长。",
    "too_many_stored": "从你的地址已保存 {stored} 个训练记录，达到上限；请删除其中一个。",
    "no_room_for_race": "从你的地址已保存 {stored} 个训练记录，再加 {more} 个就超过上限；请删除几个。",
    "disk_full": "服务器分配给访客的磁盘空间已满：{most:.1f} MB 中已用 {used:.1f} MB，此操作需要 {size:.1f} MB；"
    "请使用更小的文件，或稍后再试。",
    "disk_address": "来自你的地址的训练记录和图像已占用 {used:.1f} MB，此操作还需要 {size:.1f} MB，"
    "上限是 {most:.1f} MB；请先删除其中一些。",
    "memory_full": "服务器分配给访客的内存已满：{most:.1f} MB 中已用 {used:.1f} MB，此操作需要 {size:.1f} MB；"
    "请使用更小的文件，或稍后再试。",
    "memory_address": "来自你的地址的页面结果已占用 {used:.1f} MB 内存，此操作还需要 {size:.1f} MB，"
    "上限是 {most:.1f} MB；请先清除正在显示的文件，或使用更小的文件。",
    "uploads_full": "上传空间已满：{most:.1f} MB 中已用 {used:.1f} MB，此文件需要 {size:.1f} MB；请使用更小的文件，"
    "或一小时内再试。",
    "uploads_address": "来自你的地址最近一小时的上传已有 {used:.1f} MB，此文件还需要 {size:.1f} MB，"
    "上限是 {most:.1f} MB；请使用更小的文件，或一小时后再试。",
    "no_space": "保存训练记录的磁盘已满；请删除一些训练记录，或用 RESNET_DEMO_RUNS 指定另一块磁盘上的文件夹。",
    "not_writable": "无法写入保存训练记录的文件夹（{detail}）；请用 RESNET_DEMO_RUNS 指定一个可写的文件夹。",
    "closing": "服务器正在关闭；请在它恢复后再试。",
    # work in another process
    "process.ended": "该进程在完成之前被终止，很可能是内存不足；请稍后再试，或使用更少、更小的图像。",
    "process.failed": "这台机器无法完成此操作：{detail}；请稍后再试。",
    # an uploaded run
    "upload_not_zip": "“{name}”不是可读的 zip 文件；请使用从本页下载的训练记录。",
    "upload_too_large": "{file} 超过 {megabytes:.0f} MB 的上限。",
    "upload_unsafe": "压缩包中的“{file}”通向外部、是链接、重复出现、以不寻常的方式压缩或带有密码；只能使用普通文件。",
    "upload_unknown": "压缩包中的“{file}”不属于任何训练记录；请使用从本页下载的训练记录。",
    "upload_missing": "压缩包中缺少 {file}；请使用从本页下载的训练记录。",
    "upload_damaged": "上传的训练记录中的 {file} 无法使用：{detail}。",
    # an uploaded file of weights
    "network_large": "“{name}”有 {megabytes:.0f} MB；权重文件的上限是 {most:.0f} MB。",
    "network_unreadable": "“{name}”中没有可以安全读取的权重（{detail}）；可以使用 torch.save 或 safetensors 保存的张量"
    "，不能使用以 Python 对象保存的整个模型。",
    "network_unknown": "“{name}”不是这里的网络：{detail}；可以使用 CIFAR 和 ImageNet 的残差网络或普通网络，"
    "张量名称与 torchvision 或已发布的 CIFAR 网络相同。",
    "network_misfit": "“{name}”与 {network} 不符：{detail}。",
    "network_values": "“{name}”中的 {tensor} 有不是有限数的值，或小于 0 的方差，无法使用。",
    "network_classes": "网络有 {outputs} 个输出，而给出的类别名有 {given} 个；应为 {outputs} 个。",
    "network_names": "类别名“{name}”是空的、太长或重复；应为 1 到 {most} 个字符、互不相同的名称。",
    "network_size": "{network} 不能使用边长 {given} 像素的图像；应为 {low} 到 {high} 像素。",
    "network_numbers": "{field} 是 {given}；像素值在 0 到 1 之间时，应为 {channels} 个 {low:g} 到 {high:g} 之间的数。",
    # classes of labelled images
    "labelled_nothing": "图像的类别（{theirs}）都不是网络的类别（{ours}）；请逐行写明每个类别对应哪一个，或换一个网络。"
    "",
    "labelled_line": "第 {line} 行（“{text}”）的开头不是图像的类别；每行的格式是“{example}: 网络的类别名”。",
    "labelled_class": "第 {line} 行：网络没有类别“{name}”，或者不止一个；可以使用它的类别名，或 0 到 {last} 的编号。",
    "labelled_twice": "第 {line} 行：“{name}”已经有对应的类别；图像的每个类别只能有一行。",
    # requests
    "request_size": "请求过大；除上传文件外，最多接受 {most:g} MB。",
    "request_form": "此地址不接受文件；请通过页面上传。",
    "request_host": "不接受以网址代替文件；请直接上传文件。",
    "request_queue": "来自您的地址的请求已有 {most} 个在等待或运行，请稍后再试。",
    "teach.backbone": "这里没有可以用来初始化的模型：请先在“分类”中下载 ResNet-18。",
    "teach.classes": "一次可以教 {least} 到 {most} 个类别，而不是 {given} 个。",
    "teach.large": "类别“{name}”的图像太多或太大：最多 {most} 张，每张不超过 {megabytes:g} MB。",
    "upload_form": "上传不完整，或包含文件以外的内容；请重新上传文件。",
}
SENTENCES = GENERAL | hub.CHINESE | rooms.CHINESE
