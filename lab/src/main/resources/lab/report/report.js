'use strict';
const report = JSON.parse(document.getElementById('data').textContent);
const COLOURS = [['#0b6bcb', '#5aa9f8'], ['#c2410c', '#fb923c'], ['#15803d', '#4ade80'], ['#7e22ce', '#c084fc'],
    ['#b8860b', '#facc15'], ['#0e7490', '#22d3ee'], ['#be185d', '#f472b6'], ['#555', '#aaa']];

function add(parent, tag, text = '', attributes = {}) {
    const element = parent.appendChild(document.createElement(tag));
    element.textContent = text;
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
}

function fold(parent, name, open) {
    const details = add(parent, 'details');
    add(details, 'summary', name);
    details.open = open;
    return details;
}

function table(parent, kind) {
    return add(add(parent, 'div', '', {class: 'wide'}), 'table', '', {class: kind});
}

/** A row a measure, a column a series: what was remarked on it, or its middle. */
function matrix(parent, measures) {
    const names = [...new Set(measures.flatMap(measure => measure.series.map(each => each.name)))];
    const rows = table(parent, 'matrix');
    const head = add(rows, 'tr');
    ['', ...names].forEach(name => add(head, 'th', name));
    for (const measure of measures) {
        const row = add(rows, 'tr');
        add(row, 'th', `${measure.name} [${measure.unit}]`);
        for (const name of names) {
            const series = measure.series.find(each => each.name === name);
            const [said, interval] = (series?.remark || series?.shown || '').split(/ (?=\()/);
            const cell = add(row, 'td');
            add(cell, 'span', said, {class: said.startsWith('≈') ? 'quiet' : said.split(' ')[0].replace(/[^a-z]/g, '')});
            add(cell, 'small', interval);
        }
    }
}

/** Each sample is a dot. */
function samples(parent, measure) {
    add(parent, 'h2', `${measure.name} [${measure.unit}]`);
    const rows = table(parent);
    const most = Math.max(...measure.series.flatMap(each => each.samples));
    for (const series of measure.series) {
        const row = add(rows, 'tr');
        add(row, 'td', series.name);
        add(row, 'td', series.shown);
        const strip = add(row, 'td', '', {class: 'strip'});
        series.samples.forEach(sample => add(strip, 'i').style.left = `${most > 0 ? sample / most * 95 : 0}%`);
        add(row, 'td', series.range, {class: 'quiet'});
    }
}

function chart(canvas, plot, dark) {
    const percentiles = plot.kind === 'percentiles';
    const dots = plot.kind === 'dots';
    const short = value => Number(value.toPrecision(3)).toString();
    const power = value => Math.abs(Math.log10(value) % 1) < 1e-9;
    const x = percentiles
        ? {type: 'logarithmic', min: 1, title: {display: true, text: 'percentile'},
            afterBuildTicks: axis => axis.ticks = [2, 10, 100, 1e3, 1e4, 1e5].filter(v => v <= axis.max).map(value => ({value})),
            ticks: {autoSkip: false, maxRotation: 0, callback: value => `${Number((100 - 100 / value).toFixed(3))} %`}}
        : {type: 'linear', min: 0, title: {display: true, text: 'seconds'}};
    const y = percentiles || dots
        ? {type: 'logarithmic', ticks: {callback: short},
            afterBuildTicks: axis => { // powers of ten, or what there is if there are not two of them
                const powers = axis.ticks.filter(tick => power(tick.value));
                axis.ticks = powers.length > 1 ? powers : axis.ticks;
            }}
        : {type: 'linear', min: 0};
    return new Chart(canvas, {
        type: dots ? 'scatter' : 'line',
        data: {datasets: plot.series.map(([label, data], i) => {
            const colour = COLOURS[i % COLOURS.length][dark ? 1 : 0];
            return {label, data, borderColor: colour, backgroundColor: colour,
                borderWidth: 2, pointRadius: dots ? 3 : 0, pointHitRadius: 8,
                borderDash: i % 2 ? [6, 3] : []};
        })},
        options: {
            animation: false, maintainAspectRatio: false,
            color: dark ? '#e6e9f0' : '#1d2430',
            plugins: {legend: {labels: {boxWidth: 24, boxHeight: 2, color: dark ? '#e6e9f0' : '#1d2430'}}},
            scales: Object.fromEntries(Object.entries({x, y: {...y, title: {display: true, text: plot.unit}}}).map(([name, axis]) =>
                [name, {...axis, grid: {color: dark ? '#3a4150' : '#d5d9e2'}, title: {...axis.title, color: dark ? '#e6e9f0' : '#1d2430'},
                    ticks: {...axis.ticks, color: dark ? '#e6e9f0' : '#1d2430'}}])),
        },
    });
}

const main = document.querySelector('main');
document.title = report.title;
add(main, 'h1', report.title);
const verdict = add(main, 'ul');
report.verdict.forEach(sentence => add(verdict, 'li', sentence));
const judged = report.measures.filter(measure => measure.series.some(each => each.remark));
if (judged.length > 0) {
    matrix(main, judged);
}
if (report.goals.length > 0) {
    add(main, 'h2', 'Goals');
    const list = add(main, 'ul');
    report.goals.forEach(goal => add(list, 'li', goal, goal.endsWith('NOT reached') ? {class: 'missed'} : {}));
}
const canvases = report.plots.length === 0 ? [] : (pictures => report.plots.map(plot => {
    const figure = add(pictures, 'figure');
    add(figure, 'figcaption', plot.caption);
    return [add(add(figure, 'div'), 'canvas'), plot];
}))(fold(main, 'Pictures', true));
for (const suite of new Set(report.measures.map(measure => measure.suite))) {
    const part = fold(main, `All samples: ${suite}`, judged.length === 0);
    report.measures.filter(measure => measure.suite === suite).forEach(measure => samples(part, measure));
}
for (const [heading, texts] of report.folds) {
    const part = fold(main, heading, false);
    texts.forEach(([name, text]) => {
        const lines = add(fold(part, name, false), 'pre');
        text.split(/(\S+\.(?:jfr|hlog|log|html))/).forEach((piece, i) => i % 2 === 0 ? lines.append(piece)
            : add(lines, 'a', piece, {href: piece.split('/').pop()}));
    });
}
const run = fold(main, 'The run', judged.length === 0);
const facts = table(run, 'facts');
for (const [name, value] of report.facts) {
    const row = add(facts, 'tr');
    add(row, 'th', name);
    add(row, 'td', value);
}
report.notes.forEach(note => add(run, 'p', note));

const dark = matchMedia('(prefers-color-scheme: dark)');
let charts = [];
function draw(onPaper) {
    document.documentElement.classList.toggle('paper', onPaper);
    charts.forEach(each => each.destroy());
    charts = canvases.map(([canvas, plot]) => chart(canvas, plot, dark.matches && !onPaper));
}
draw(false);
dark.addEventListener('change', () => draw(false));
addEventListener('beforeprint', () => draw(true));
addEventListener('afterprint', () => draw(false));
