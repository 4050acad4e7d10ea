"""What cannot be done, in English: the sentence of each code, with the names of its values in braces."""

from __future__ import annotations

from . import hub, rooms

ACCEPTED = (
    "accepted are JPEG, PNG, WebP, GIF, BMP and TIFF up to {most_megabytes:g} MB and {most_megapixels:g} megapixels, "
    "both sides {least_side} pixels or more and neither over {most_ratio} times the other."
)
GENERAL = {
    # an image
    "image.missing": "“{name}” does not exist; " + ACCEPTED,
    "image.directory": "“{name}” is a folder, not an image; " + ACCEPTED,
    "image.unopened": "“{name}” cannot be opened; " + ACCEPTED,
    "image.empty": "“{name}” is empty (0 bytes); " + ACCEPTED,
    "image.bytes": "“{name}” has {megabytes:.1f} MB; " + ACCEPTED,
    "image.format": "“{name}” is not an image in a known format; " + ACCEPTED,
    "image.heic": (
        "“{name}” is a HEIC photo, to be saved as JPEG first (iPhone: Settings, Camera, Formats, Most "
        "Compatible) or to be read with the package pillow-heif installed; " + ACCEPTED
    ),
    "image.pixels": "“{name}” has {width}×{height} pixels, too many; " + ACCEPTED,
    "image.small": "“{name}” has {width}×{height} pixels, too few; " + ACCEPTED,
    "image.ratio": "“{name}” has {width}×{height} pixels, too long and thin; " + ACCEPTED,
    "image.broken": "“{name}” is damaged or cut short; " + ACCEPTED,
    # a data set
    "data.unknown": "no data set '{name}': known are {known}, or the path of a folder or .zip file with one sub-folder "
    "of images for each class",
    "data.not_here": "{name} is not on this machine yet; it has to be downloaded first ({megabytes} MB).",
    "data.gone": "These images are not here, or no longer; accepted are images that were added here and kept.",
    "data.expired": "“{name}” is no longer here: uploads are kept for {minutes} minutes at most; upload it again.",
    "data.preparing": "{count} data sets are being prepared for your address already; accepted are {most} at a time: "
    "wait for one of them.",
    "data.not_stored": "The images of {name} were prepared, but could not be stored on this machine, so that they "
    "cannot be shown; free some space there, or let RESNET_DEMO_CACHE name a folder that can be written to.",
    "data.layout": "“{file}” cannot be read as {name} in the Hub's layout ({detail}); accepted are the unchanged files "
    "of {repository}.",
    "data.damaged": "A downloaded file of {name} is damaged ({detail}); it was deleted, try again to download it anew.",
    # downloads of data sets and of weights
    "download.offline": "{name} is not on this machine, and {host} cannot be reached from here; everything else works "
    "without it, and the files of {repository} can also be put into a folder by hand, as {files}, if {variable} "
    "names that folder.",
    "download.refused": "{host} does not provide {name} now (HTTP {status}).",
    "download.cut": "The connection broke after {done:.1f} of {total:.1f} MB of {name}; they are kept, and another try "
    "continues from there.",
    "download.checksum": "What was downloaded as {name} is not the file that was expected; it was deleted, try again "
    "to download it anew.",
    "download.disk": "{name} cannot be stored on this machine: {detail}.",
    # a folder or zip of images
    "data.no_file": "“{name}” does not exist; accepted are a folder and a .zip file.",
    "data.bad_zip": "“{name}” is not a readable zip; accepted are a folder and a .zip file.",
    "data.upload": "“{name}” has {megabytes:.1f} MB; accepted are {most:g} MB.",
    "data.uploads": "There are {count} uploads from here already; accepted are {most}: remove one of them first.",
    "data.disk": "“{name}” cannot be kept on this machine: {detail}; accepted are smaller files.",
    "data.listing": "“{name}” lists far more files than the {most:,} that are accepted.",
    "data.files": "“{name}” has more files than the {most:,} that are accepted.",
    "data.bomb": "“{name}” unpacks to {times} times its size; accepted is {most}.",
    "data.unpacked": "“{name}” holds more than the {gigabytes:g} GB (unpacked) that are accepted.",
    "data.encrypted": "“{name}” is encrypted; accepted are zips without a password.",
    "data.leaves": "“{name}” has a path that leaves it, “{path}”; accepted are paths inside.",
    "data.no_class": "“{name}” has no class folder; accepted is a folder or zip with at least 2 sub-folders, named "
    "like their classes, with at least 2 images in each.",
    "data.one_class": "“{name}” has only one class folder; accepted is a folder or zip with at least 2 sub-folders, "
    "named like their classes, with at least 2 images in each.",
    "data.memory": "{count} images of {size} × {size} pixels take more than {gigabytes:g} GB; accepted are fewer or "
    "smaller ones.",
    "data.pixels": "The images of “{name}” have more than {gigapixels:g} gigapixels together; accepted are fewer or "
    "smaller ones.",
    "data.tiny_class": "Class “{name}” has too few usable images to train on ({count}); accepted are 2 or more for "
    "each class.",
    "data.tiny_class_skipped": "Class “{name}” has too few usable images to train on ({count}); accepted are 2 or "
    "more for each class; {skipped} files were skipped, first: {first}",
    # one file among many
    "data.nested": "“{name}” is a zip inside; accepted are images.",
    "data.link": "“{name}” is a link; accepted are images.",
    "data.large": "“{name}” has {megabytes:.1f} MB; accepted are images up to {most:g} MB.",
    "data.unread": "“{name}” cannot be read; accepted are whole images.",
    "data.loose": "“{name}” lies in no class folder.",
    # uploaded images that are relabeled or left out
    "data.row": "“{name}” has the images 0 to {last}, not {given}.",
    "data.unchanged": "No image of “{name}” was relabeled or left out; accepted is one change or more.",
    # a table of predictions
    "table.no_file": "“{name}” does not exist; accepted are CSV and parquet files.",
    "table.empty": "“{name}” is empty; accepted is a row with the columns' names, and below it one for each image.",
    "table.no_rows": "“{name}” has no rows below the columns' names; accepted is one for each image.",
    "table.format": "“{name}” cannot be read as a table; accepted are parquet, and CSV in UTF-8 with the columns' "
    "names in its first row.",
    "table.broken": "“{name}” is a damaged or unusual parquet file; accepted are whole ones, as pandas writes them.",
    "table.encoding": "Row {row} of “{name}” is not UTF-8; accepted are files saved as “CSV UTF-8”.",
    "table.one_column": "“{name}” has one column, “{column}”; accepted are at least y_true and y_pred, with comma, "
    "semicolon or tab between them.",
    "table.unclear": "Which columns of “{name}” hold the true and the predicted labels is not clear from their names "
    "({found}); accepted are y_true and y_pred, y_true and a column for each class with its probability, or a choice.",
    "table.no_column": "“{name}” has no column “{column}”; accepted are its columns ({found}).",
    "table.same_column": "“{column}” of “{name}” was chosen for both the true and the predicted labels; accepted are "
    "two columns.",
    "table.class": "“{name}” has no column for the class “{label}”; accepted is y_pred, or a column for each class.",
    "table.twice": "“{name}” has the column “{column}” twice; accepted is each name once.",
    "table.cells": "The number of cells in row {row} of “{name}” is {count}; accepted is that of row 1, {header}.",
    "table.quote": "In row {row} of “{name}” a quotation mark opens and never closes; accepted are pairs.",
    "table.missing": "Row {row} of “{name}” has nothing in the column “{column}”; accepted are rows without gaps.",
    "table.label": "Row {row} of “{name}” has “{label}” in the column “{column}”; accepted are the classes ({classes}) "
    "or whole numbers from 0 to {last}.",
    "table.name": "Row {row} of “{name}” has “{label}” in the column “{column}”; accepted are the classes ({classes}).",
    "table.double": "Row {row} of “{name}” has “{label}” in the column “{column}”, a name that two classes have; "
    "accepted are whole numbers from 0 to {last} then.",
    "table.mixed": "“{name}” has names in the column “{named}” (“{label}” in row {row}) and numbers in the column "
    "“{numbered}” (“{number}”); accepted is one or the other.",
    "table.number": "Row {row} of “{name}” has “{value}” in the column “{column}”; accepted are probabilities, from 0 "
    "to 1.",
    "table.sum": "The probabilities in row {row} of “{name}”, columns “{first}” to “{last}”, add up to {total:.3f}; "
    "accepted is 1.",
    "table.type": "The column “{column}” of “{name}” holds {type}; accepted are texts and whole numbers as labels, and "
    "numbers as probabilities.",
    "table.classes": "“{name}” has more than {most:,} classes (“{label}” in row {row}, column “{column}”, is one "
    "more); accepted are up to {most:,}, of which a matrix can be shown.",
    "table.many": "“{name}” has {count:,} classes; accepted are up to {most:,}, of which a matrix can be shown.",
    "table.long": "“{label}”, a class of “{name}”, has {count:,} characters; accepted are up to {most}.",
    "table.rows": "“{name}” has {rows:,} rows; accepted are up to {most:,} with as many columns.",
    # a confusion matrix of ready counts
    "counts.square": "“{name}” holds a matrix of {rows:,} rows and {columns:,} columns; accepted are as many rows as "
    "columns, one for each class.",
    "counts.value": "Row {row}, column {column} of “{name}” has “{value}”; accepted are counts, whole numbers from 0 "
    "to {most:,}.",
    "counts.missing": "Row {row}, column {column} of “{name}” is empty; accepted is a count in each cell, 0 too.",
    "counts.names": "The rows and the columns of “{name}” name different classes (“{row}” only a row, “{column}” only "
    "a column); accepted are the same names at the left and at the top.",
    "counts.unnamed": "Class {place} of “{name}” has no name; accepted are names for all classes, or for none.",
    "counts.zero": "“{name}” is a matrix of zeros; accepted is one in which something was counted.",
    # groups of classes, and the two sides of a difference
    "groups.form": "Line {line}, “{text}”, is no group; accepted is a name, a colon and classes: “pets: cat, dog”.",
    "groups.unknown": "Line {line}: there is no class “{name}”; accepted are {known}.",
    "groups.double": "Line {line}: “{name}” is in the group “{group}” already; accepted is each class once.",
    "groups.name": "Line {line}: “{name}” is also the name of another group or of a class outside of it; accepted are "
    "names of their own.",
    "groups.one": "All classes are in “{name}”; accepted are groups that leave two or more to tell apart.",
    "difference.classes": "The two sides have other classes (on the first alone: {only_first}; on the second: "
    "{only_second}); accepted are equal class names, in any order.",
    # a value that a field may not have
    "wrong.whole": "{field} must be a whole number from {low} to {high}, not {given}",
    "wrong.number": "{field} must be a number from {low:.10g} to {high:.10g}, not {given}",
    "wrong.numbers": "{field} must be numbers from {low:.10g} to {high:.10g}, not {given}",
    "wrong.channels": "{field} must be {channels} numbers, one a channel, not {given}",
    "wrong.choice": "{field} must be one of {allowed}, not {given}",
    "wrong.text": "{field} must be text of at most {most} characters, not {given}",
    "wrong.kind": "{field} must be of type {kind}, not {given}",
    # a configuration that its machine, its data or its network cannot do
    "unfit.bound": "{field} is {value}, but at most {most} is accepted here",
    "unfit.one_picture": "batches of one image cannot be normalised: {network} ends in maps of one pixel at {size} "
    "px. Choose a batch of 2 or more for each process",
    "unfit.memory": "{network} with batches of {batch} needs about {needed:.1f} GiB, but {device} has {there:.1f} GiB "
    "free: choose a smaller batch or a smaller model",
    "unfit.shared": "a batch of {batch} images cannot be shared by {processes} processes",
    "unfit.size": "{network} takes images of {least} pixels or more, and these have {size}",
    "unfit.channels": "the initial values are for images with {given} channels, and these have {channels}",
    "unfit.initial": "the initial values are not those of {network}: {detail}; accepted are the values of the same "
    "network, with any number of classes",
    "unfit.initial_broken": "the initial values are of no use: {tensor} has values that are not finite numbers, or "
    "variances below 0",
    # why a run ended: by request, as the training loop or the system reports it
    "ended.asked": "Stopped on request; it can be resumed.",
    "ended.longest": "Stopped after {seconds:g} seconds, as long as a run may train here.",
    "ended.memory": "Out of memory after step {step} with batches of {batch}: choose a smaller batch or a smaller "
    "network.",
    "ended.memory_evaluating": "Trained, but out of memory while it was evaluated.",
    "ended.loss": "The loss had values that are not finite numbers by step {step}: the training diverged. Choose a "
    "smaller peak learning rate than {lr:g}, or a longer warm-up.",
    "ended.weights": "The weights had values that are not finite numbers by step {step}: the training diverged. Choose "
    "a smaller peak learning rate than {lr:g}, or a longer warm-up.",
    "ended.process_memory": "Memory did not suffice: choose a smaller batch or a smaller model.",
    "ended.killed": "The process that trained was killed (SIGKILL), as systems do when memory runs out. Resume the "
    "run; if that ends the same way, choose a smaller batch or a smaller model.",
    "ended.crashed": "The process that trained crashed ({signal}). Resume the run; if that ends the same way, choose "
    "another precision or leave compiling out.",
    "ended.gpu": "The GPU reported an error. Resume the run: a new process begins with the GPU as new.",
    "ended.error": "The process that trained ended with an error (exit code {exit}). Its last lines say more.",
    "ended.error_silent": "The process that trained ended with an error (exit code {exit}). Resume the run.",
    "ended.process": "The process that trained ended before the run did. Resume the run.",
    # a run that cannot be found or read
    "unknown_run": "There is no run called “{name}” here; it may have been deleted.",
    "not_a_run": "{name} is not a run: it has no config.json",
    "damaged_file": "{file} is damaged: {detail}",
    "no_weights": "“{name}” has no weights.",
    "damaged_weights": "{file} cannot be loaded: {detail}",
    "no_epoch": "{run} keeps no predictions for epoch {epoch}",
    "no_predictions": "{run} keeps no predictions on {on}",
    "other_rows": "{first} and {second} of seed {seed} were not evaluated on the same rows of {on}",
    # a run that cannot be made, published or exported
    "run_id": "a run's id is a plain name that a folder can have on every system, not {given}: without any of "
    "< > : / \\ | ? * and double quotes, without a dot at either end or a final space, none that Windows reserves "
    "(CON, NUL, COM1), at most 100 characters",
    "run_exists": "there is already a run called {name}; choose another name or resume it",
    "no_resume": "{run} cannot be resumed: it keeps no {file} (published runs do not)",
    "not_finished": "{run} is {state}: only a finished run can be published",
    "other_files": "{run} was trained on other files than these; it must be evaluated on its own",
    "half_precision": "{run} has weights that are not finite numbers in half precision",
    "not_published": "{file} is missing or not the file that was published",
    "target_exists": "{target} exists already; remove it first or choose another name",
    "not_begun": "{run} has not begun: there is nothing to write",
    "no_onnx": "ONNX needs its packages: {command}",
    "onnx_differs": "The ONNX file gives other answers than the model (by {difference:g}) and was not written.",
    "cluster.no_package": "Slurm is used through the package submitit: {command}",
    "cluster.parameters": "submitit cannot use this cluster or these parameters: {detail}",
    "no_trackio": "trackio's format needs its package: {command}",
    "no_tensorboard": "TensorBoard's format needs its package: {command}",
    # a model, and what it is asked
    "unknown_network": "There is no model called “{name}” here; it may have been deleted.",
    "not_here": "The weights of {network} are not on this machine yet; download them first ({megabytes:.0f} MB).",
    "damaged_download": "{file} cannot be loaded: {detail}. It was deleted and can be downloaded anew.",
    "not_finite": "“{name}” gives no probabilities: its weights are not finite numbers.",
    "top_k": "top_k must be a whole number of 1 or more, not {given}.",
    "temperature": "temperature must be a number from {low:g} to {high:g}, not {given}.",
    "crop": "crop must be centre or whole, not {given}.",
    "method": "There is no heat map called {given}; there are {allowed}.",
    "class": "“{name}” has the classes 0 to {last}, not {given}.",
    "label": "“{name}” has {count} classes called {given}; accepted are a name that one class has, and numbers from 0 "
    "to {last}.",
    "against": "A contrast needs two classes; both are “{label}”.",
    "layer": "“{name}” has the layers layer1 to layer{stages} and blocks in them such as {example}, not {given}.",
    "cover": "A region cannot be covered by {given}; there are {allowed}.",
    "mask": "The mask is {given}; accepted is one of type bool with {height} × {width} values, one for each pixel.",
    "part": "There is no part called {given}; there are stem, stages such as layer1, and blocks such as {example}.",
    "unit": "{part} gives out {rows} × {columns} units; there is none at {given}.",
    "cut": "{model} has no {given} that could be cut; there are {first} to {last}.",
    # what a server allows its visitors
    "not_yours": "“{name}” belongs to somebody else: it can be looked at, not changed.",
    "published": "“{name}” ships with the project and cannot be changed.",
    "running": "“{name}” is being trained; stop it first.",
    "waiting": "“{name}” is waiting for its turn already.",
    "not_running": "“{name}” is not being trained and does not wait; there is nothing to stop.",
    "finished": "“{name}” is finished: there is nothing to resume. It can be continued as a new run.",
    "no_checkpoint": "“{name}” cannot be resumed: it keeps no checkpoint.",
    "processes": "{processes} processes need as many GPUs; this machine has {devices}.",
    "queue_full": "{waiting} runs are waiting already, which is the limit; try again in a few minutes.",
    "too_many_waiting": "{waiting} runs from your address train or wait, which is the limit; wait for one of them.",
    "too_long": "A run may train for {seconds:g} seconds here; choose a shorter length.",
    "too_many_stored": "{stored} runs from your address are kept here, which is the limit; delete one of them.",
    "no_room_for_race": "{stored} runs from your address are kept here, and {more} more would be too many; delete some "
    "of them.",
    "disk_full": "The disk space for visitors is full: {used:.1f} of {most:.1f} MB are in use, and this needs "
    "{size:.1f} MB; accepted are smaller files, or try again later.",
    "disk_address": "Runs and images from your address take {used:.1f} MB, and this needs {size:.1f} MB more; accepted "
    "are {most:.1f} MB: delete some of them first.",
    "memory_full": "The memory for visitors is full: {used:.1f} of {most:.1f} MB are in use, and this needs {size:.1f} "
    "MB; accepted are smaller files, or try again later.",
    "memory_address": "Results on pages from your address take {used:.1f} MB of memory, and this needs {size:.1f} MB "
    "more; accepted are {most:.1f} MB: clear the file that is shown, or use a smaller one.",
    "uploads_full": "The space for uploads is full: {used:.1f} of {most:.1f} MB are in use, and this needs {size:.1f} "
    "MB; accepted are smaller files, or try again within an hour.",
    "uploads_address": "Uploads of the last hour from your address have {used:.1f} MB, and this has {size:.1f} MB "
    "more; accepted are {most:.1f} MB: use smaller files, or try again within an hour.",
    "no_space": "The disk that runs are kept on is full; delete runs, or let RESNET_DEMO_RUNS name a folder on another "
    "disk.",
    "not_writable": "Nothing can be written to the folder of runs ({detail}); let RESNET_DEMO_RUNS name a folder where "
    "that is possible.",
    "closing": "The server is being closed; try again once it is back.",
    # work in another process
    "process.ended": "The process that did this was ended before it was done, most likely because memory ran out; try "
    "again in a moment, or use fewer or smaller images.",
    "process.failed": "This could not be done on this machine: {detail}; try again in a moment.",
    # an uploaded run
    "upload_not_zip": "“{name}” is not a readable zip; accepted is a run as this page gives it out.",
    "upload_too_large": "{file} is larger than the {megabytes:.0f} MB that are accepted.",
    "upload_unsafe": "The zip has “{file}”, which leaves it, is a link, is there twice, or is packed in an unusual way "
    "or with a password; accepted are plain files.",
    "upload_unknown": "The zip has “{file}”, which belongs to no run; accepted is a run as this page gives it out.",
    "upload_missing": "The zip has no {file}; accepted is a run as this page gives it out.",
    "upload_damaged": "{file} of the uploaded run cannot be used: {detail}.",
    # an uploaded file of weights
    "network_large": "“{name}” has {megabytes:.0f} MB; accepted are files of weights up to {most:.0f} MB.",
    "network_unreadable": "“{name}” holds no weights that can be read safely ({detail}); accepted are tensors saved by "
    "torch.save or as safetensors, not a whole pickled model.",
    "network_unknown": "“{name}” is none of the models here: {detail}; accepted are the residual and plain networks "
    "for CIFAR and ImageNet under torchvision's names, or those of published CIFAR networks.",
    "network_misfit": "“{name}” does not fit {network}: {detail}.",
    "network_values": "{tensor} in “{name}” has values that are not finite, or variances below 0; it cannot be used.",
    "network_classes": "The model has {outputs} outputs, and {given} class names were given; accepted are {outputs}.",
    "network_names": "The class name “{name}” is empty, too long or there twice; accepted are different names of 1 to "
    "{most} characters.",
    "network_size": "Images of {given} pixels are none for {network}; accepted are {low} to {high}.",
    "network_numbers": "{field} is {given}; accepted for pixels between 0 and 1 are {channels} numbers from {low:g} to "
    "{high:g}.",
    # classes of labelled images
    "labelled_nothing": "None of the classes of the images ({theirs}) is one of the model's ({ours}); accepted is "
    "a line for each that says which class it is, or another model.",
    "labelled_line": "Line {line} (“{text}”) begins with no class of the images; accepted are lines like “{example}: "
    "name of the model's class”.",
    "labelled_class": "Line {line}: the model has no class “{name}”, or several; accepted are its names, and numbers "
    "from 0 to {last}.",
    "labelled_twice": "Line {line}: “{name}” has a class already; accepted is one line for each class of the images.",
    # requests
    "request_size": "This request is too large; up to {most:g} MB are accepted, except for uploaded files.",
    "request_form": "This address takes no files; accepted are uploads as the page sends them.",
    "request_host": "Web addresses are not accepted as files; upload the file itself.",
    "request_queue": "{most} requests from your address are still waiting or running; try again in a moment.",
    "teach.backbone": "No model to start from is here: download ResNet-18 in Classify.",
    "teach.classes": "{least} to {most} classes can be taught at a time, not {given}.",
    "teach.large": "Class “{name}” has too many or too large images: accepted are {most} of up to {megabytes:g} MB.",
    "upload_form": "The upload is incomplete or contains something other than files; upload the file again.",
}
SENTENCES = GENERAL | hub.ENGLISH | rooms.ENGLISH
