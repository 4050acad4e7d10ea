// Runs as a module before Gradio's own: its requests go through `answers.js` from the first one on.
import {in_order} from './answers.js';

window.fetch = in_order(window.fetch);
