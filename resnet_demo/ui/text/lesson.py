"""Words of the lesson: seven stops, each a question, something to do, and the answer."""

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
        "Seven questions. Let the class guess first, then do it on the page, then read the answer. Each stop has a "
        "link of its own; PageUp and PageDown (or a presenter's clicker) move between them."
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
        "No: after the same training the error on the training images is {plain} without shortcuts and {residual} "
        "with them. That is not overfitting: the plain network is harder to train. He et al. (2015) call this "
        "degradation."
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
        "A takes every second pixel and fills new channels with zeros, without parameters. B learns a 1×1 "
        "convolution where the shape changes, C one in every block. They differ little in accuracy; having a "
        "shortcut matters more."
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
    "lesson.look.question": (
        "What does a trained network do without one of its shortcuts, and without one of its branches?"
    ),
    "lesson.look.do": (
        "Cut the shortcut (arc) of the second block and watch the answer and the tiles. Restore it, then silence "
        "the branch (box) of the same block."
    ),
    "lesson.look.answer": (
        "Without a shortcut, everything that earlier blocks had found must pass through one branch that was never "
        "trained to carry it: early in the network most answers are lost. Without a branch the shortcut still "
        "carries x on, and many answers survive. Veit et al. (2016) therefore call a residual network an ensemble "
        "of many paths."
    ),
    "lesson.look.ask": "What would happen in a plain network, and why is there no shortcut to cut?",
    "lesson.teach.question": "How many images does a trained network need for something new?",
    "lesson.teach.do": (
        "Name two things that are at hand, hold each before the camera while you press its button, and press Train."
    ),
    "lesson.teach.answer": (
        "A few dozen. The layers that were trained on other images already give features that tell much apart; only "
        "the last layer is learned anew, in seconds. Where the new things look like nothing in the old images, it "
        "takes more."
    ),
    "lesson.teach.ask": "What does it answer to a third thing, and what tells that it is unsure?",
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
        "共七个问题。先让学生猜，再在页面上操作，最后看答案。每一步都有自己的链接；用 PageUp、PageDown（或翻页笔）前"
        "后切换。"
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
        "残差块计算 ReLU(F(x) + x)。要让 x 原样通过，只需学到 F(x) = 0；梯度也可以经由加法直接到达前面的层，不必穿过"
        "卷积。"
    ),
    "lesson.shortcut.ask": "普通的块要学到什么，才能让 x 原样通过？",
    "lesson.options.question": "如果 x 与 F(x) 的形状不同怎么办？",
    "lesson.options.do": "比较三张图：哪些方案的捷径连接上有参数？",
    "lesson.options.answer": (
        "方案 A 每隔一个像素取一个，新增通道补零，没有参数。方案 B 只在形状改变处学习 1×1 卷积，方案 C 在每个块中都"
        "学习。三者的准确率相差很小；有没有捷径连接才更重要。"
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
        "行是真实类别，列是预测类别。一行说明某一类的图像被分到了哪里（召回率），一列说明被归为该类的图像来自哪里（"
        "精确率）；一对类别的两个方向往往不同。"
    ),
    "lesson.confusion.ask": "其中哪些图像你自己也会弄混？",
    "lesson.look.question": "训练好的网络少了一条捷径连接会怎样？少了一个残差分支呢？",
    "lesson.look.do": (
        "切断第二个块的捷径连接（弧线），观察答案和小图的变化。恢复后，再关闭同一个块的残差分支（方框）。"
    ),
    "lesson.look.answer": (
        "没有捷径连接，前面各块得到的一切都必须通过一个从未学过传递它们的分支：在网络前部，大多数答案都会丢失。没有"
        "残差分支，捷径连接仍把 x 传下去，许多答案得以保留。因此 Veit et al.（2016）把残差网络看作许多路径的集成。"
    ),
    "lesson.look.ask": "普通网络会怎样？为什么那里没有捷径连接可切？",
    "lesson.teach.question": "训练好的网络学会新东西需要多少张图像？",
    "lesson.teach.do": "给手边的两样东西起名，按住各自的按钮把它们拿到摄像头前，然后点击训练。",
    "lesson.teach.answer": (
        "几十张就够。用其他图像训练过的各层已经能给出有区分度的特征，只需重新学习最后一层，几秒即可。如果新东西与原"
        "来的图像毫无相似之处，就需要更多图像。"
    ),
    "lesson.teach.ask": "给它看第三样东西，它会怎样回答？从哪里能看出它没有把握？",
}
