// A Chart whose lines may have a band around them. It knows neither runs nor what the band means.
import {Chart, nodes, svg_node} from './chart.js';
import {is_known} from './numbers.js';

export class Bands extends Chart {
  constructor(svg) {
    super(svg);
    this.parts.bands = this.plot.insertBefore(svg_node('g'), this.parts.levels);
  }
  draw_lines(lines) {  // a line's band: [[x, low, high]] or nothing
    nodes(this.parts.bands, 'path', lines.filter(line => line.band), ({look, band}) => ({
      fill: look.color === 'ink' ? this.ink.ink : look.color, 'fill-opacity': .18, stroke: 'none', d: this.area(band),
    }));
    super.draw_lines(lines);
  }
  area(band) {
    let d = '', open = [];
    const close = () => {
      if (open.length > 1) {
        const up = open.map(([x, , high]) => this.spot([x, high])), down = open.map(([x, low]) => this.spot([x, low]));
        d += `M${[...up, ...down.reverse()].join('L')}z`;
      }
      open = [];
    };
    for (const place of band) is_known(place[1]) && is_known(place[2]) ? open.push(place) : close();
    close();
    return d;
  }
}
