"use strict";
// Charts are drawn from the tables beside them, so that what is seen, read aloud and printed is the same.

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const FONT = () => token("--zz-font");
const INK = "#1b2733",
  QUIET = "#55636f",
  LINE = "#dfe4ea";
const PALETTE = [
  "#17457f",
  "#2f8f83",
  "#c2730b",
  "#7a5ea8",
  "#5b8fd1",
  "#a5813c",
  "#8c4a5f",
  "#4a7c3a",
  "#6b7783",
  "#b26a00",
];
const RISKS = { red: "#b3261e", orange: "#c2500b", yellow: "#e0a800", blue: "#2f6fb5" };

function readTable(card) {
  const table = card.querySelector("table");
  if (!table) return null;
  const titles = [...table.tHead.rows[0].cells].slice(1);
  const heads = titles.map((cell) => cell.textContent.trim());
  const charted = titles.flatMap((cell, at) => ("charted" in cell.dataset ? [at] : []));
  const rows = [...table.tBodies[0].rows].map((row) => {
    const cells = [...row.cells];
    return {
      label: cells[0].textContent.trim(),
      key: row.dataset.key,
      group: row.dataset.group,
      code: row.dataset.code,
      numbers: cells.slice(1).map((cell) => Number(cell.textContent.replace(/[,%\s—]/g, "")) || 0),
      links: cells.slice(1).map((cell) => cell.querySelector("a")?.href),
      link: (row.querySelector("td a") || row.querySelector("a"))?.href,
      place: cells[0].querySelector("a")?.href,
    };
  });
  return { heads, rows, charted, stacked: "stacked" in card.dataset, upright: "upright" in card.dataset };
}

// formatting by text only: the policy of the pages forbids styles in markup
const TIP = { renderMode: "richText", confine: true, borderColor: LINE, textStyle: { color: INK, fontSize: 13 } };
const AXIS = { axisLine: { lineStyle: { color: LINE } }, axisTick: { show: false }, axisLabel: { color: QUIET } };
const SPLIT = { splitLine: { lineStyle: { color: "#edf0f3" } } };

function lines({ heads, rows }) {
  return {
    legend: { data: heads, top: 0, textStyle: { color: INK } },
    grid: { left: 8, right: 16, top: 36, bottom: 4, containLabel: true },
    tooltip: { ...TIP, trigger: "axis" },
    xAxis: { type: "category", data: rows.map((row) => row.label), ...AXIS },
    yAxis: { type: "value", minInterval: 1, ...AXIS, ...SPLIT },
    series: heads.map((name, at) => ({
      name,
      type: at === 0 ? "bar" : "line",
      barMaxWidth: 26,
      symbolSize: 6,
      smooth: 0.2,
      data: rows.map((row) => ({ value: row.numbers[at], link: row.link })),
    })),
  };
}

function bars({ rows }, colours) {
  const shown = [...rows].reverse();
  return {
    grid: { left: 4, right: 64, top: 4, bottom: 4, containLabel: true },
    tooltip: { ...TIP, trigger: "item" },
    xAxis: { type: "value", show: false },
    yAxis: {
      type: "category",
      data: shown.map((row) => row.label),
      ...AXIS,
      axisLine: { show: false },
      axisLabel: { color: INK, width: 130, overflow: "truncate" },
    },
    series: [
      {
        type: "bar",
        barMaxWidth: 20,
        itemStyle: { borderRadius: 3 },
        label: { show: true, position: "right", color: QUIET, formatter: (at) => `${at.value}  ${at.data.share}%` },
        data: shown.map((row) => ({
          value: row.numbers[0],
          share: row.numbers[1],
          link: row.link,
          itemStyle: { color: colours?.[row.key] || PALETTE[0] },
        })),
      },
    ],
  };
}

// some columns of a wide table, side by side or on top of each other; upright where the lines are months
function columns({ heads, rows, charted, stacked, upright }) {
  const shown = upright ? rows : [...rows].reverse();
  const names = { type: "category", data: shown.map((row) => row.label), ...AXIS };
  names.axisLabel = { color: INK, ...(upright ? {} : { width: 150, overflow: "truncate" }) };
  const numbers = { type: "value", ...AXIS, ...SPLIT };
  return {
    legend: { type: "scroll", top: 0, data: charted.map((at) => heads[at]), textStyle: { color: INK } },
    grid: { left: 8, right: 40, top: 36, bottom: 4, containLabel: true },
    tooltip: { ...TIP, trigger: "axis", axisPointer: { type: "shadow" } },
    xAxis: upright ? names : numbers,
    yAxis: upright ? numbers : names,
    series: charted.map((at) => ({
      name: heads[at],
      type: "bar",
      stack: stacked ? "all" : undefined,
      barMaxWidth: 22,
      label: { show: charted.length === 1, position: upright ? "top" : "right", color: QUIET },
      data: shown.map((row) => ({ value: row.numbers[at], link: row.links[at] })),
    })),
  };
}

// there is seldom room beside the ring: the shares stand in the legend
function ring({ rows }) {
  const shares = new Map(rows.map((row) => [row.label, row.numbers[1]]));
  return {
    legend: { bottom: 0, textStyle: { color: INK }, formatter: (name) => `${name} ${shares.get(name)}%` },
    tooltip: { ...TIP, trigger: "item" },
    series: [
      {
        type: "pie",
        radius: ["46%", "72%"],
        center: ["50%", "45%"],
        itemStyle: { borderColor: "#fff", borderWidth: 2 },
        label: { show: false },
        data: rows.map((row) => ({ name: row.label, value: row.numbers[0], share: row.numbers[1], link: row.link })),
      },
    ],
  };
}

function funnel({ rows }) {
  return {
    tooltip: { ...TIP, trigger: "item" },
    series: [
      {
        type: "funnel",
        sort: "none",
        left: "8%",
        right: "8%",
        top: 8,
        bottom: 8,
        gap: 3,
        minSize: "30%",
        label: { position: "inside", color: "#fff", fontSize: 14, formatter: (at) => `${at.name} ${at.value}` },
        data: rows.map((row, at) => ({
          name: row.label,
          value: row.numbers[0],
          link: row.link,
          itemStyle: { color: ["#17457f", "#23558f", "#2f6fb5", "#2a7d72", "#1f6b45"][at % 5] },
        })),
      },
    ],
  };
}

// where there is no map: places as areas, grouped by the place above
function heat({ rows }) {
  const most = Math.max(1, ...rows.map((row) => row.numbers[0]));
  const groups = new Map();
  for (const row of rows) {
    if (!row.numbers[0]) continue;
    const leaf = {
      name: row.label,
      value: row.numbers[0],
      link: row.place,
      itemStyle: { color: shade(row.numbers[0] / most) },
    };
    if (!groups.has(row.group)) groups.set(row.group, []);
    groups.get(row.group).push(leaf);
  }
  const data =
    groups.size > 1 ? [...groups].map(([name, children]) => ({ name, children })) : [...groups.values()].flat();
  return {
    tooltip: { ...TIP, formatter: (at) => `${at.name}：${at.value} 件` },
    series: [
      {
        type: "treemap",
        roam: false,
        nodeClick: false,
        breadcrumb: { show: false },
        left: 0,
        right: 0,
        top: 0,
        bottom: 0,
        levels: [
          { itemStyle: { gapWidth: 4 } },
          {
            upperLabel: { show: groups.size > 1, height: 22, color: INK, backgroundColor: "#edf0f3" },
            itemStyle: { borderColor: "#edf0f3", borderWidth: 2, gapWidth: 1 },
          },
        ],
        label: { color: "#fff", formatter: (at) => `${shorter(at)}\n${at.value}`, overflow: "truncate" },
        data,
      },
    ],
  };
}
const shade = (share) =>
  `rgb(${Math.round(106 - 83 * share)}, ${Math.round(146 - 77 * share)}, ${Math.round(190 - 63 * share)})`;
const shorter = (at) => at.name.replace(/^.*(镇|苏木|乡|农场|牧场|林场)(?=.)/, "");

// where the administrator loaded a map: its places may be towns or villages, told by the length of their codes
function map({ rows }, shapes) {
  const labels = new Map(shapes.features.map((shape) => [shape.properties.name, shape.properties.label]));
  const digits = shapes.features.length ? shapes.features[0].properties.name.length : 12;
  const sums = new Map();
  for (const row of rows)
    sums.set(row.code.slice(0, digits), (sums.get(row.code.slice(0, digits)) || 0) + row.numbers[0]);
  const data = [...labels.keys()].map((code) => ({ name: code, value: sums.get(code) || 0, link: `?place=${code}` }));
  return {
    tooltip: { ...TIP, formatter: (at) => `${labels.get(at.name)}：${at.value || 0} 件` },
    visualMap: {
      min: 0,
      max: Math.max(1, ...sums.values()),
      inRange: { color: ["#e6eef7", "#17457f"] },
      textStyle: { color: INK },
      left: 0,
      bottom: 0,
    },
    series: [
      {
        type: "map",
        map: "places",
        label: {
          show: digits < 12,
          formatter: (at) => labels.get(at.name),
          color: INK,
          textBorderColor: "#fff",
          textBorderWidth: 3,
        },
        itemStyle: { borderColor: "#fff" },
        data,
      },
    ],
  };
}

const KINDS = { lines, bars, columns, ring, funnel, heat, risks: (table) => bars(table, RISKS) };

async function optionOf(card, table) {
  if (!card.dataset.map) return KINDS[card.dataset.chart](table);
  const answer = await fetch(card.dataset.map);
  const shapes = await answer.json();
  echarts.registerMap("places", shapes);
  return map(table, shapes);
}

async function draw(card) {
  const box = card.querySelector(".chart"),
    table = readTable(card);
  if (!box || !table) return;
  if (["bars", "risks"].includes(card.dataset.chart))
    box.classList.add(`rows-${Math.min(12, Math.max(3, table.rows.length))}`);
  if (card.dataset.chart === "columns" && table.rows.length * (table.stacked ? 1 : table.charted.length) > 16)
    box.classList.add("chart-tall");
  const option = await optionOf(card, table);
  const chart = echarts.init(box, null, { renderer: "canvas" });
  chart.setOption({ color: PALETTE, textStyle: { fontFamily: FONT() }, animation: false, ...option });
  chart.on("click", (at) => {
    if (at.data?.link) location.href = at.data.link;
  });
  new ResizeObserver(() => chart.resize()).observe(box);
}

function openTables() {
  for (const table of document.querySelectorAll(".chart-table")) table.open = true;
}

document.addEventListener("DOMContentLoaded", () => {
  if (!window.echarts) {
    document.documentElement.classList.add("no-charts");
    openTables();
    return;
  }
  // drawn when they come into sight: a page with ten charts is there at once
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((one) => one.isIntersecting)) {
        seen.unobserve(entry.target);
        draw(entry.target);
      }
    },
    { rootMargin: "200px" },
  );
  const look = () => {
    for (const card of document.querySelectorAll("[data-chart]:not([data-looked-for])")) {
      card.dataset.lookedFor = "1";
      seen.observe(card);
    }
  };
  look();
  document.addEventListener("htmx:afterSettle", look);
});
window.addEventListener("beforeprint", openTables);
