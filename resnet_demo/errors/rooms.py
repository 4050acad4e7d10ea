"""Sentences about rooms for a class of phones, in both languages; `english` and `chinese` include them."""

from __future__ import annotations

ENGLISH = {
    "room.gone": "This room is closed, or the address is wrong; everything in it has been deleted.",
    "room.rooms": "{most} rooms are open on this server, as many as there may be; try again later.",
    "room.address": "{most} rooms are open from your address already; close one of them first.",
    "room.classes": "A room needs 2 to {most} classes with different names.",
    "room.class": "“{name}” cannot be the name of a class; names without / \\ : that neither begin with a dot nor are "
    "train, test or validation are accepted.",
    "room.name": "Please enter a name.",
    "room.phones": "{most} phones are in this room already, as many as there may be.",
    "room.phone": "You are not in this room (any more); enter your name to join.",
    "room.stage": "This is not open at the moment; wait for the teacher.",
    "room.rate": "Too fast; wait a moment.",
    "room.busy": "Too many phones are sending at the moment; try again.",
    "room.images": "You have sent {most} images, as many as a phone may; remove some of yours first.",
    "room.full": "This room is full: it keeps no more images.",
    "room.label": "The room has no such class.",
    "room.runs": "You have started {most} runs, as many as a phone may.",
    "room.few": "Training needs two classes or more with at least {least} accepted images each; remove the images of a "
    "class that has fewer, or accept more.",
    "room.no_model": "There is no trained model in this room yet.",
}

CHINESE = {
    "room.gone": "该房间已关闭，或地址有误；其中的内容已全部删除。",
    "room.rooms": "本服务器上已开放 {most} 个房间，达到上限；请稍后再试。",
    "room.address": "来自您的地址的房间已有 {most} 个；请先关闭一个。",
    "room.classes": "房间需要 2 到 {most} 个名称各不相同的类别。",
    "room.class": "“{name}”不能用作类别名；名称不能含 / \\ :，不能以句点开头，也不能是数据划分的文件夹名。",
    "room.name": "请输入名字。",
    "room.phones": "该房间已有 {most} 部手机，达到上限。",
    "room.phone": "您不在（或已不在）该房间中；请输入名字加入。",
    "room.stage": "目前尚未开放，请等待老师。",
    "room.rate": "太快了，请稍等。",
    "room.busy": "目前发送的手机太多，请重试。",
    "room.images": "您已发送 {most} 张图像，达到每部手机的上限；请先删除一些。",
    "room.full": "该房间已满，不能再保存图像。",
    "room.label": "该房间没有这个类别。",
    "room.runs": "您已开始 {most} 次训练，达到每部手机的上限。",
    "room.few": "训练至少需要两个类别，且每类至少有 {least} 张已接受的图像；请删除不足的类别的图像，或接受更多图像。",
    "room.no_model": "该房间还没有训练好的网络。",
}
