"""What cannot be done, in one sentence each: `error.<reason>`, with the values that the error carries.

The English sentences are those of the errors themselves, for programs and terminals; a test holds them equal.
"""

ENGLISH = {
    # pictures: data.decode.ImageError
    "error.accepted": (
        "accepted are JPEG, PNG, WebP, GIF, BMP and TIFF up to {megabytes:g} MB and {megapixels:g} megapixels, both "
        "sides {side} pixels or more and neither over {ratio} times the other"
    ),
    "error.missing": "“{name}” does not exist; {accepted}.",
    "error.directory": "“{name}” is a folder, not a picture; {accepted}.",
    "error.unopened": "“{name}” cannot be opened; {accepted}.",
    "error.empty": "“{name}” is empty (0 bytes); {accepted}.",
    "error.bytes": "“{name}” has {megabytes:.1f} MB; {accepted}.",
    "error.format": "“{name}” is not a picture in a known format; {accepted}.",
    "error.heic": (
        "“{name}” is a HEIC photograph, to be saved as JPEG first (iPhone: Settings, Camera, Formats, Most "
        "Compatible) or to be read with the package pillow-heif installed; {accepted}."
    ),
    "error.pixels": "“{name}” has {width}×{height} pixels, too many; {accepted}.",
    "error.small": "“{name}” has {width}×{height} pixels, too few; {accepted}.",
    "error.ratio": "“{name}” has {width}×{height} pixels, too long and thin; {accepted}.",
    "error.broken": "“{name}” is damaged or cut short; {accepted}.",
    # networks: runs.folder.RunError, runs.index.UnknownRun, inference.classifier.InferenceError, inference.catalogue
    "error.no_weights": "“{name}” has no weights yet.",
    "error.damaged_weights": "{file} cannot be loaded: {detail}",
    "error.not_finite": "“{name}” gives no probabilities: its weights are not finite numbers.",
    "error.unknown_run": "There is no run called “{name}” here; it may have been deleted.",
    "error.unknown_network": "There is no network called “{name}” here; it may have been deleted.",
    "error.not_here": (
        "The weights of {network} are not on this machine yet; they have to be fetched ({megabytes:.0f} MB)."
    ),
    # fetching weights: inference.fetch.FetchError
    "error.offline": (
        "The weights of {network} are not on this machine, and the Hugging Face Hub cannot be reached from here; "
        "everything else works without them."
    ),
    "error.refused": "The Hugging Face Hub does not give out the weights of {network} now (HTTP {status}).",
    "error.cut": (
        "The connection broke after {done:.1f} of {total:.1f} MB of the weights of {network}; they are kept, and "
        "another try goes on from there."
    ),
    "error.checksum": "What came as the weights of {network} is not the file that was expected; it was deleted.",
    "error.disk": "The weights of {network} cannot be kept on this machine: {detail}.",
    # choices: inference.classifier.InferenceError
    "error.top_k": "top_k must be a whole number from 1 on, not {given}.",
    "error.temperature": "temperature must be a number from {low:g} to {high:g}, not {given}.",
    "error.crop": "crop must be centre or whole, not {given}.",
    "error.method": "There is no heat map called {given}; there are {allowed}.",
    "error.class": "“{name}” has the classes 0 to {last}, not {given}.",
    "error.layer": "“{name}” has the layers layer1 to layer{stages} and blocks in them such as {example}, not {given}.",
}

CHINESE = {
    "error.accepted": (
        "可以使用 JPEG、PNG、WebP、GIF、BMP 和 TIFF，文件不超过 {megabytes:g} MB、{megapixels:g} 百万像素，"
        "长和宽都不少于 {side} 像素，且长边不超过短边的 {ratio} 倍"
    ),
    "error.missing": "“{name}”不存在；{accepted}。",
    "error.directory": "“{name}”是文件夹，不是图片；{accepted}。",
    "error.unopened": "“{name}”无法打开；{accepted}。",
    "error.empty": "“{name}”是空文件（0 字节）；{accepted}。",
    "error.bytes": "“{name}”有 {megabytes:.1f} MB；{accepted}。",
    "error.format": "“{name}”不是已知格式的图片；{accepted}。",
    "error.heic": (
        "“{name}”是 HEIC 照片，请先另存为 JPEG（iPhone：设置、相机、格式、兼容性最佳），"
        "或安装 pillow-heif 软件包后直接读取；{accepted}。"
    ),
    "error.pixels": "“{name}”有 {width}×{height} 像素，太大了；{accepted}。",
    "error.small": "“{name}”只有 {width}×{height} 像素，太小了；{accepted}。",
    "error.ratio": "“{name}”有 {width}×{height} 像素，过于细长；{accepted}。",
    "error.broken": "“{name}”已损坏或不完整；{accepted}。",
    "error.no_weights": "“{name}”还没有权重。",
    "error.damaged_weights": "无法加载 {file}：{detail}",
    "error.not_finite": "“{name}”给不出概率：它的权重不是有限的数。",
    "error.unknown_run": "这里没有名为“{name}”的训练记录，它可能已被删除。",
    "error.unknown_network": "这里没有名为“{name}”的网络，它可能已被删除。",
    "error.not_here": "{network} 的权重还不在这台机器上，需要先下载（{megabytes:.0f} MB）。",
    "error.offline": (
        "{network} 的权重不在这台机器上，而且从这里连接不到 Hugging Face Hub；其他功能不需要这些权重，仍可照常使用。"
    ),
    "error.refused": "Hugging Face Hub 目前不提供 {network} 的权重（HTTP {status}）。",
    "error.cut": (
        "{network} 的权重共 {total:.1f} MB，下载到 {done:.1f} MB 时连接中断；已下载的部分会保留，再试一次即可继续。"
    ),
    "error.checksum": "下载到的 {network} 权重与预期的文件不符，已被删除。",
    "error.disk": "{network} 的权重无法保存在这台机器上：{detail}。",
    "error.top_k": "top_k 应为不小于 1 的整数，而不是 {given}。",
    "error.temperature": "温度应为 {low:g} 到 {high:g} 之间的数，而不是 {given}。",
    "error.crop": "裁剪方式应为 centre 或 whole，而不是 {given}。",
    "error.method": "没有名为 {given} 的热力图；可用的有 {allowed}。",
    "error.class": "“{name}”的类别编号是 0 到 {last}，没有 {given}。",
    "error.layer": "“{name}”的层是 layer1 到 layer{stages} 以及其中的残差块（例如 {example}），没有 {given}。",
}
