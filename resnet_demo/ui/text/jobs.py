"""Words about training in a Hugging Face job of the visitor's own account."""

ENGLISH = {
    "jobs.label": "Where it trains",
    "jobs.where": "Train on",
    "jobs.where.here": "this server",
    "jobs.where.account": "hardware of your Hugging Face account (costs money)",
    "jobs.about": "The run and this page’s code go to a private repository of your account, and a job trains it there. "
    "It is followed here like any run. The repository is deleted once everything has arrived here.",
    "jobs.sign_in.about": "You are asked to let this page start jobs, create repositories and write to those, and no "
    "others. The permission stays in this server’s memory, and is handed to the job as a secret.",
    "jobs.hardware": "Hardware",
    "jobs.option": "{title}, ${hour} an hour",
    "jobs.minutes": "Time limit",
    "jobs.minutes.some": "{count} minutes",
    "jobs.hours.some": "{count} hours",
    "jobs.hour": "1 hour",
    "jobs.cost": "{title}: ${hour} an hour, so at most ${most} within the time limit, charged to {name} by Hugging "
    "Face. Installing PyTorch takes the first minutes of it. Only a button that names the cost starts a job.",
    "jobs.start": "Train, for at most ${most}",
    "jobs.resume": "Resume the run shown there, for at most ${most}",
    "jobs.resumed": "The run continues in a job.",
    "train.fact.job": "in a Hugging Face job ({flavor})",
    "train.fact.job.left": "left in your account, please delete: {repository}",
}

CHINESE = {
    "jobs.label": "在哪里训练",
    "jobs.where": "训练于",
    "jobs.where.here": "本服务器",
    "jobs.where.account": "你的 Hugging Face 账号的硬件（收费）",
    "jobs.about": "训练设置和本页面的代码会存入你账号下的一个私有仓库，由作业在那里训练，并在这里像其他训练一样显示。"
    "全部结果传回后，该仓库会被删除。",
    "jobs.sign_in.about": "登录时会请求允许本页面启动作业、创建仓库，并只写入这些仓库。"
    "该许可只保存在服务器内存中，并以密钥形式交给作业。",
    "jobs.hardware": "硬件",
    "jobs.option": "{title}，每小时 ${hour}",
    "jobs.minutes": "时限",
    "jobs.minutes.some": "{count} 分钟",
    "jobs.hours.some": "{count} 小时",
    "jobs.hour": "1 小时",
    "jobs.cost": "{title}：每小时 ${hour}，因此在时限内最多 ${most}，由 Hugging Face 向 {name} 收取。"
    "其中最初几分钟用于安装 PyTorch。只有点击标有费用的按钮才会启动作业。",
    "jobs.start": "开始训练，最多 ${most}",
    "jobs.resume": "在那里继续当前训练，最多 ${most}",
    "jobs.resumed": "训练已在作业中继续。",
    "train.fact.job": "在 Hugging Face 作业中（{flavor}）",
    "train.fact.job.left": "账号中遗留的仓库，请删除：{repository}",
}
