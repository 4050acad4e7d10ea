"""Words of the lesson: six stops, each a question, something to do, and the answer."""

ENGLISH = {
    "lesson.name": "Lesson",
    "lesson.stop": "{number} of {count}",
    "lesson.minutes": "{minutes} min",
    "lesson.back": "Back",
    "lesson.next": "Next",
    "lesson.end": "End lesson",
    "lesson.answer": "Show the answer",
    "lesson.sheet": "Teacher's sheet",
    "lesson.sheet.title": "Residual networks in 20 minutes: the teacher's sheet",
    "lesson.sheet.about": (
        "Six questions. Let the class guess first, then do it on the page, then read the answer. Each stop has a link "
        "of its own; PageUp and PageDown (or a presenter's clicker) move between them."
    ),
    "lesson.sheet.do": "Do:",
    "lesson.sheet.answer": "Answer:",
    "lesson.sheet.ask": "Ask also:",
    "lesson.depth.question": "Does a deeper network always learn better?",
    "lesson.depth.do": "Press Play: two networks with 56 layers learn the same images, one without shortcuts.",
    "lesson.depth.answer": (
        "No. The plain network's error is higher already on the training images, so it is not overfitting: it is "
        "harder to train. He et al. (2015) call this degradation."
    ),
    "lesson.depth.measured": (
        "No: after the same training the error on the training images is {plain} without shortcuts and {residual} with "
        "them. That is not overfitting: the plain network is harder to train. He et al. (2015) call this degradation."
    ),
    "lesson.depth.ask": "Why does the training error, and not the test error, show that this is not overfitting?",
    "lesson.shortcut.question": "What does a shortcut change?",
    "lesson.shortcut.do": "Click a block in the drawing and read its formula and its layers.",
    "lesson.shortcut.answer": (
        "The block computes ReLU(F(x) + x). To pass x on it only has to learn F(x) = 0, and the gradient reaches "
        "earlier layers through the sum without passing a convolution."
    ),
    "lesson.shortcut.ask": "What would a plain block have to learn in order to pass x on unchanged?",
    "lesson.options.question": "What if x and F(x) have different shapes?",
    "lesson.options.do": "Compare the three drawings: which of them have parameters on the shortcut?",
    "lesson.options.answer": (
        "A takes every second pixel and fills new channels with zeros, without parameters. B learns a 1×1 convolution "
        "where the shape changes, C one in every block. They differ little in accuracy; having a shortcut matters more."
    ),
    "lesson.options.ask": "Which option keeps most shortcuts an identity, and why may that matter in deep networks?",
    "lesson.train.question": "How quickly does a small residual network learn?",
    "lesson.train.do": "Guess its accuracy after 30 seconds, then start the training and watch both curves.",
    "lesson.train.answer": (
        "The loss falls fastest at the start. The gap between training and validation tells whether the network "
        "memorizes; a longer training closes less and less of what is missing."
    ),
    "lesson.train.ask": "What do the curves look like if the learning rate is ten times larger?",
    "lesson.confusion.question": "Which classes are confused, and is it the same in both directions?",
    "lesson.confusion.do": "Click the darkest cell off the diagonal and look at its images.",
    "lesson.confusion.answer": (
        "Rows are true classes, columns predictions. A row shows where images of a class go (recall), a column what "
        "comes in under a name (precision); the two directions of a pair often differ."
    ),
    "lesson.confusion.ask": "Which of the images would you have confused yourself?",
    "lesson.look.question": "What does the network look at?",
    "lesson.look.do": "Choose a sample or your own image, then click its second class and compare the heat maps.",
    "lesson.look.answer": (
        "The heat map shows which places raised the score of a class. It may be the object, or the background: the "
        "network uses whatever told the classes apart in its training images."
    ),
    "lesson.look.ask": "What does the model answer to an image of none of its classes, and how sure is it?",
}

CHINESE = {
    "lesson.name": "课程",
    "lesson.stop": "{number} / {count}",
    "lesson.minutes": "{minutes} 分钟",
    "lesson.back": "上一步",
    "lesson.next": "下一步",
    "lesson.end": "结束课程",
    "lesson.answer": "显示答案",
    "lesson.sheet": "教师用页",
    "lesson.sheet.title": "20 分钟认识残差网络：教师用页",
    "lesson.sheet.about": (
        "共六个问题。先让学生猜，再在页面上操作，最后看答案。每一步都有自己的链接；"
        "用 PageUp、PageDown（或翻页笔）前后切换。"
    ),
    "lesson.sheet.do": "操作：",
    "lesson.sheet.answer": "答案：",
    "lesson.sheet.ask": "还可以问：",
    "lesson.depth.question": "网络越深，学得就越好吗？",
    "lesson.depth.do": "点击“播放”：两个 56 层的网络学习同样的图像，其中一个没有捷径连接。",
    "lesson.depth.answer": (
        "不是。普通网络在训练图像上的错误率就已经更高，因此不是过拟合，而是更难训练。He 等人（2015）称之为退化问题。"
    ),
    "lesson.depth.measured": (
        "不是：经过同样的训练，训练图像上的错误率在没有捷径连接时为 {plain}，有捷径连接时为 {residual}。这不是过拟合，"
        "而是普通网络更难训练。He 等人（2015）称之为退化问题。"
    ),
    "lesson.depth.ask": "为什么看训练错误率，而不是测试错误率，就能说明这不是过拟合？",
    "lesson.shortcut.question": "捷径连接改变了什么？",
    "lesson.shortcut.do": "点击图中的一个残差块，阅读它的公式和各层。",
    "lesson.shortcut.answer": (
        "残差块计算 ReLU(F(x) + x)。要让 x 原样通过，只需学到 F(x) = 0；"
        "梯度也可以经由加法直接到达前面的层，不必穿过卷积。"
    ),
    "lesson.shortcut.ask": "普通的块要学到什么，才能让 x 原样通过？",
    "lesson.options.question": "如果 x 与 F(x) 的形状不同怎么办？",
    "lesson.options.do": "比较三张图：哪些方案的捷径连接上有参数？",
    "lesson.options.answer": (
        "方案 A 每隔一个像素取一个，新增通道补零，没有参数。"
        "方案 B 只在形状改变处学习 1×1 卷积，方案 C 在每个块中都学习。"
        "三者的准确率相差很小；有没有捷径连接才更重要。"
    ),
    "lesson.options.ask": "哪种方案让最多的捷径连接保持恒等映射？为什么这在很深的网络中可能很重要？",
    "lesson.train.question": "一个小型残差网络学得有多快？",
    "lesson.train.do": "先猜 30 秒后的准确率，再开始训练，观察两条曲线。",
    "lesson.train.answer": (
        "损失在开始时下降最快。训练与验证之间的差距说明网络是否在死记硬背；训练时间越长，剩余差距缩小得越慢。"
    ),
    "lesson.train.ask": "如果学习率增大十倍，曲线会是什么样？",
    "lesson.confusion.question": "哪些类别会被混淆？两个方向一样吗？",
    "lesson.confusion.do": "点击对角线之外颜色最深的单元格，查看其中的图像。",
    "lesson.confusion.answer": (
        "行是真实类别，列是预测类别。一行说明某一类的图像被分到了哪里（召回率），"
        "一列说明被归为该类的图像来自哪里（精确率）；"
        "一对类别的两个方向往往不同。"
    ),
    "lesson.confusion.ask": "其中哪些图像你自己也会弄混？",
    "lesson.look.question": "网络在看什么？",
    "lesson.look.do": "选择一张示例图像或自己的图像，再点击第二个类别，比较两张热力图。",
    "lesson.look.answer": (
        "热力图显示哪些位置提高了某一类别的得分。可能是物体，也可能是背景：网络会利用训练图像中一切能区分类别的东西。"
    ),
    "lesson.look.ask": "如果图像不属于任何类别，模型会怎样回答？它有多大把握？",
}
