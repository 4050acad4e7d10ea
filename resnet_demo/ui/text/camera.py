"""Words of the live camera in the tab Classify."""

ENGLISH = {
    "camera.label": "Live camera",
    "camera.start": "Live camera",
    "camera.stop": "Stop",
    "camera.video": "What the camera sees",
    "camera.which": "Camera",
    "camera.back": "back camera",
    "camera.front": "front camera",
    "camera.unnamed": "camera {number}",
    "camera.heat": "Heat map",
    "camera.rate": "{rate} answers per second",
    "camera.starting": "Waiting for the camera. Your browser may ask you to allow it.",
    "camera.kept": "Frames are classified in the memory of this server and never stored.",
    "camera.best": "{model}: {label}",
    "camera.insecure": (
        "Browsers allow the camera only on secure pages, and this one came over plain HTTP. It works at an https "
        "address, or at http://localhost on the computer that runs the demo."
    ),
    "camera.unsupported": "This browser gives pages no camera; current versions of Chrome, Firefox and Safari do.",
    "camera.refused": (
        "The browser does not allow this page to use the camera. Allow it in the settings next to the address, then "
        "press Live camera again."
    ),
    "camera.none": "No camera was found. Connect one, then press Live camera again.",
    "camera.in_use": "The camera cannot be used, perhaps because another program uses it.",
    "camera.failed": "The camera cannot be started.",
    "camera.ended": "The camera was disconnected.",
    "camera.lost": "The server does not answer. The camera is off.",
    "camera.unanswered": "No model is selected: choose one in the list of models.",
    "camera.busy": "Many visitors use the camera right now; the next frame is sent in a moment.",
    "camera.frame": "the camera's frame",
    "camera.large": "A frame may have up to {kilobytes} KB.",
    "camera.kind": "This address takes a JPEG from the live camera of this page.",
}

CHINESE = {
    "camera.label": "实时摄像头",
    "camera.start": "实时摄像头",
    "camera.stop": "停止",
    "camera.video": "摄像头画面",
    "camera.which": "摄像头",
    "camera.back": "后置摄像头",
    "camera.front": "前置摄像头",
    "camera.unnamed": "摄像头 {number}",
    "camera.heat": "热力图",
    "camera.rate": "每秒 {rate} 次预测",
    "camera.starting": "正在等待摄像头，浏览器可能会请求权限。",
    "camera.kept": "画面只在服务器内存中分类，不会保存。",
    "camera.best": "{model}：{label}",
    "camera.insecure": (
        "浏览器只允许安全的页面使用摄像头，而本页面是通过普通 HTTP 打开的。"
        "请使用 HTTPS 地址，或在运行本演示的电脑上通过 127.0.0.1 打开。"
    ),
    "camera.unsupported": "该浏览器不支持在页面中使用摄像头，请使用新版的主流浏览器。",
    "camera.refused": "浏览器未允许本页面使用摄像头。请在地址栏旁的设置中允许，然后再次点击“实时摄像头”。",
    "camera.none": "未找到摄像头。请连接摄像头，然后再次点击“实时摄像头”。",
    "camera.in_use": "无法使用摄像头，可能正被其他程序占用。",
    "camera.failed": "无法启动摄像头。",
    "camera.ended": "摄像头已断开。",
    "camera.lost": "服务器没有响应，摄像头已关闭。",
    "camera.unanswered": "尚未选择模型：请在模型列表中选择一个。",
    "camera.busy": "当前使用摄像头的访客较多，稍后会发送下一帧。",
    "camera.frame": "摄像头画面",
    "camera.large": "每帧图像最大 {kilobytes} KB。",
    "camera.kind": "此地址只接受本页面实时摄像头的 JPEG 图像。",
}
