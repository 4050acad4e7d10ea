"""Sentences about the Hugging Face Hub, in both languages; `english` and `chinese` include them."""

from __future__ import annotations

ENGLISH = {
    "hub.no_token": "No token for the Hugging Face Hub is on this machine; run “{command}” there, or set HF_TOKEN.",
    "hub.token": "The Hub does not accept the token: it has expired or was deleted. Sign in again, or create another "
    "at huggingface.co/settings/tokens.",
    "hub.sign_in": "Sign in with Hugging Face first.",
    "hub.not_here": "Nobody can sign in on this server; download the run, and save it to the Hub on your own machine.",
    "hub.sign_in_failed": "Signing in did not succeed; go back to the page and try again.",
    "hub.busy": "Too many visitors are signing in at the moment; try again in a few minutes.",
    "hub.offline": "The Hugging Face Hub cannot be reached, or did not answer in time; try again later.",
    "hub.name": "“{name}” is no name for a repository; accepted is user/name with letters, digits, “-”, “_” and “.”, "
    "of 96 characters at most.",
    "hub.missing": "The Hub has no “{name}”, or it is private and this account may not see it.",
    "hub.rights": "The Hub does not allow this in “{name}”: the account, or its token, has no right to write there.",
    "hub.quota": "The Hub does not accept this from your account: its storage is full, or it has to be paid for (HTTP "
    "{status}).",
    "hub.rate": "The Hub has had too many requests from this account or address; try again in a few minutes.",
    "hub.changed": "“{name}” has changed on the Hub meanwhile; nothing was saved. Try again.",
    "hub.refused": "The Hub refused with HTTP {status}; try again later.",
    "hub.unfinished": "“{name}” is still waiting or training, or ended with an error; a run can be saved once it has "
    "finished or was stopped.",
    "hub.read_only": "The token may only read; saving takes one that may write (huggingface.co/settings/tokens).",
    "hub.public": "“{name}” exists and everybody can see it; for a private one choose another name.",
    "hub.other_run": "“{name}” holds another model already; choose another name.",
    "hub.not_ours": "“{name}” exists, and this sign-in may not write there; choose another name.",
    "hub.no_model": "“{name}” has no {file} that is understood here; accepted are models that this page has saved, and "
    "residual networks in timm’s form: model.safetensors and config.json with architecture and pretrained_cfg.",
    "hub.large": "{file} in “{name}” is larger than the {megabytes:.1f} MB that are accepted.",
    # training in a Hugging Face job
    "ended.job_time": "Stopped shortly before the job's time limit of {minutes:g} minutes; it can be resumed.",
    "ended.job_canceled": "The job was canceled in the account. Its last checkpoint is here: resume the run.",
    "job.token": "Hugging Face does not accept the sign-in, or no longer: sign in again. A job that runs already goes "
    "on until its time limit; Resume follows it again.",
    "job.forbidden": "This sign-in may not do that in the account {name}: sign in again and allow jobs and "
    "repositories, or use a token that has both permissions.",
    "job.payment": "The account {name} has no credit for this job; it can be added at "
    "huggingface.co/settings/billing. Nothing was started.",
    "job.refused": "Hugging Face refused: {detail}.",
    "job.offline": "Hugging Face cannot be reached from here, or not for long enough. A job that runs already goes on "
    "until its time limit; Resume follows it again.",
    "job.gone": "The job, or the repository that it sends the run to, is no longer in the account.",
    "job.flavor": "There is no hardware “{flavor}” for jobs; there are {known}.",
    "job.minutes": "“{given}” is no time limit for a job; accepted are {low} to {high} minutes, such as 30m or 2h.",
    "job.open": "This run trains in the job {job} of the account {account}, or did when it was last seen: sign in as "
    "{account} and resume it to follow that job.",
    "job.race": "A race cannot be trained in a job; a single run can.",
    "job.data": "“{name}” is a folder of this machine, which a job does not have; accepted are the built-in data sets "
    "and images that were uploaded to the page.",
    "job.many": "{count} runs are followed in jobs already, which is the limit; try again when one has ended.",
}

CHINESE = {
    "hub.no_token": "这台机器上没有 Hugging Face Hub 的令牌；请运行“{command}”，或设置 HF_TOKEN。",
    "hub.token": "Hub 不接受该令牌：已过期或已删除。请重新登录，或在 huggingface.co/settings/tokens 新建一个。",
    "hub.sign_in": "请先登录 Hugging Face。",
    "hub.not_here": "该服务器不提供登录；请下载训练记录，在自己的机器上保存到 Hub。",
    "hub.sign_in_failed": "登录没有成功；请回到页面重试。",
    "hub.busy": "目前登录的人太多，请过几分钟再试。",
    "hub.offline": "无法连接 Hugging Face Hub，或它没有及时响应；请稍后再试。",
    "hub.name": "“{name}”不能用作仓库名；应为“用户名/仓库名”，由字母、数字、“-”“_”“.”组成，最多 96 个字符。",
    "hub.missing": "Hub 上没有“{name}”，或它是私有的，当前账号无权查看。",
    "hub.rights": "Hub 不允许在“{name}”中这样做：账号或令牌没有写入权限。",
    "hub.quota": "Hub 没有接受：账号的存储空间已满，或需要付费（HTTP {status}）。",
    "hub.rate": "该账号或地址向 Hub 发送的请求过多；请过几分钟再试。",
    "hub.changed": "“{name}”在此期间已在 Hub 上被修改；没有保存任何内容，请重试。",
    "hub.refused": "Hub 拒绝了请求（HTTP {status}）；请稍后再试。",
    "hub.unfinished": "“{name}”仍在排队或训练，或因错误结束；训练完成或停止后才能保存。",
    "hub.read_only": "该令牌只能读取；保存需要有写入权限的令牌（huggingface.co/settings/tokens）。",
    "hub.public": "“{name}”已存在，而且所有人都能看到；如需私有，请换一个名称。",
    "hub.other_run": "“{name}”中已有另一个模型；请换一个名称。",
    "hub.not_ours": "“{name}”已存在，当前登录无权写入；请换一个名称。",
    "hub.no_model": "“{name}”中没有这里能读懂的 {file}；可以使用本页保存的模型，或 timm 格式的残差网络："
    "model.safetensors 和带有 pretrained_cfg 的 config.json。",
    "hub.large": "“{name}”中的 {file} 超过 {megabytes:.1f} MB 的上限。",
    # 在 Hugging Face 作业中训练
    "ended.job_time": "在作业的时限（{minutes:g} 分钟）之前停止，可以恢复训练。",
    "ended.job_canceled": "作业已在账号中被取消。它最后发送的检查点已在这里：请恢复训练。",
    "job.token": "Hugging Face 不接受此登录，或登录已过期：请重新登录。已在运行的作业会继续到时限为止；"
    "点击“继续训练”可再次跟踪。",
    "job.forbidden": "此登录无权在账号 {name} 中执行该操作：请重新登录并允许作业和仓库权限，"
    "或使用具有这两项权限的令牌。",
    "job.payment": "账号 {name} 的余额不足以运行此作业，可在 huggingface.co/settings/billing 充值。没有启动任何作业。",
    "job.refused": "Hugging Face 拒绝了请求：{detail}。",
    "job.offline": "无法从这里连接 Hugging Face，或中断太久。已在运行的作业会继续到时限为止；"
    "点击“继续训练”可再次跟踪。",
    "job.gone": "账号中已没有该作业，或没有它发送训练结果的仓库。",
    "job.flavor": "没有名为“{flavor}”的作业硬件；可用的有 {known}。",
    "job.minutes": "“{given}”不是有效的作业时限；可接受 {low} 到 {high} 分钟，例如 30m 或 2h。",
    "job.open": "此训练正在账号 {account} 的作业 {job} 中进行（以最后一次查看为准）："
    "请以 {account} 登录并点击“继续训练”，以跟踪该作业。",
    "job.race": "比赛不能在作业中训练，单个训练可以。",
    "job.data": "“{name}”是这台机器上的文件夹，作业无法访问；可使用内置数据集和上传到页面的图像。",
    "job.many": "已有 {count} 个训练在作业中被跟踪，达到上限；请等其中一个结束后再试。",
}
