"use strict";
// The wall: reads its figures every half minute, draws into charts that are made once, and starts afresh at night.

const EVERY = 30000,
  PATIENCE = 15000,
  AT_NIGHT = 3;
const FONT = getComputedStyle(document.documentElement).fontFamily;
const NAMED = 0.042; // places with a smaller share have no room for their name; they stand in the list beside
const MONTH_AXIS = { axisLine: { lineStyle: { color: "#2b4f7d" } }, axisTick: { show: false } };
const COUNT_AXIS = { splitLine: { lineStyle: { color: "#16335a" } } };
const PALETTE = ["#5aa9ff", "#4fd1a5", "#ffc25a", "#c39bff", "#ff9b8f", "#7fdbe8"];
const began = Date.now();
const charts = {};
let lastRead = 0;

const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
const text = (size, color = "#d8e7f9") => ({ fontSize: size * rem(), color, fontFamily: FONT });

function chart(id) {
  if (!charts[id]) charts[id] = echarts.init(document.getElementById(id));
  return charts[id];
}

function draw(data) {
  chart("trend").setOption(trend(data.months));
  chart("tiers").setOption(ring(data.tiers));
  chart("categories").setOption(bars(data.categories.slice(0, 6).reverse()));
  chart("heat").setOption(heat(data.areas));
}

function trend(months) {
  const words = text(1.375);
  const quiet = text(1.25, "#a9c3e2");
  return {
    animation: false,
    color: PALETTE,
    legend: {
      data: ["受理", "化解"],
      textStyle: words,
      itemWidth: 1.5 * rem(),
      itemHeight: 0.875 * rem(),
      right: 0,
      top: 0,
    },
    grid: { left: 0, right: 8, top: 2.75 * rem(), bottom: 0, containLabel: true },
    xAxis: { type: "category", data: months.map((m) => `${m.month.slice(5)}月`), axisLabel: quiet, ...MONTH_AXIS },
    yAxis: { type: "value", minInterval: 1, splitNumber: 3, axisLabel: quiet, ...COUNT_AXIS },
    series: [
      { name: "受理", type: "bar", barMaxWidth: 2 * rem(), data: months.map((m) => m.accepted) },
      {
        name: "化解",
        type: "line",
        symbolSize: 0.5 * rem(),
        lineStyle: { width: 0.25 * rem() },
        data: months.map((m) => m.resolved),
      },
    ],
  };
}

function ring(tiers) {
  return {
    animation: false,
    color: PALETTE,
    series: [
      {
        type: "pie",
        radius: ["44%", "74%"],
        itemStyle: { borderColor: "#0d2546", borderWidth: 0.2 * rem() },
        label: { ...text(1.625), formatter: (at) => `${at.name} ${at.data.percent}%` },
        labelLine: { lineStyle: { color: "#5b84b5" } },
        data: tiers.map((t) => ({ name: t.label, value: t.count, percent: t.percent })),
      },
    ],
  };
}

function bars(categories) {
  return {
    animation: false,
    color: PALETTE,
    grid: { left: 0, right: 5 * rem(), top: 0, bottom: 0, containLabel: true },
    xAxis: { type: "value", show: false },
    yAxis: {
      type: "category",
      data: categories.map((c) => c.label),
      axisLabel: { ...text(1.5), interval: 0, margin: 0.75 * rem() },
      axisLine: { show: false },
      axisTick: { show: false },
    },
    series: [
      {
        type: "bar",
        barMaxWidth: 1.75 * rem(),
        itemStyle: { borderRadius: 4 },
        label: { show: true, position: "right", distance: 0.5 * rem(), ...text(1.5, "#fff") },
        data: categories.map((c) => c.count),
      },
    ],
  };
}

function heat(areas) {
  const most = Math.max(1, ...areas.map((a) => a.count));
  const all = areas.reduce((sum, a) => sum + a.count, 0);
  const tiles = areas.map((a) => ({
    name: a.name,
    value: a.count,
    label: { show: a.count / all > NAMED },
    itemStyle: { color: `rgba(47, 111, 181, ${0.35 + (0.65 * a.count) / most})` },
  }));
  return {
    animation: false,
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
        itemStyle: { borderColor: "#07162b", borderWidth: 2, gapWidth: 2 },
        label: { ...text(1.5, "#fff"), formatter: (at) => `${at.name}\n${at.value}`, overflow: "truncate" },
        data: tiles,
      },
    ],
  };
}

// the number large, its unit small, written as text: nothing is ever put in as markup
function put(box, value, unit) {
  const small = document.createElement("small");
  small.textContent = unit;
  box.replaceChildren(value, small);
}

function write(data) {
  for (const box of document.querySelectorAll("[data-value]")) {
    const value = data.values[box.dataset.value];
    const few = value.small && box.closest(".strip"); // of so few, how many says more than a rate
    put(
      box,
      few ? `${value.part} ÷ ${value.whole}` : value.text,
      value.unit === "%" && value.text !== "—" && !few ? "%" : "",
    );
  }
  for (const box of document.querySelectorAll("[data-parts]")) {
    const value = data.values[box.dataset.parts];
    box.textContent = `${value.part} ÷ ${value.whole}`;
  }
  for (const bar of document.querySelectorAll("[data-bar]")) {
    const value = data.values[bar.dataset.bar];
    bar.style.setProperty("--share", `${value.whole ? (100 * value.part) / value.whole : 0}%`);
  }
  document.getElementById("overdue").textContent = data.overdue;
  document.getElementById("overdue-box").classList.toggle("is-over", data.overdue > 0);
  document.getElementById("period").textContent = data.period;
  document.getElementById("places").replaceChildren(...data.places.map(placeLine));
}

function placeLine(place) {
  const row = document.createElement("li");
  const cells = [
    ["span", place.rank || "—"],
    ["span", place.name],
    ["small", place.small ? "件数少" : `${place.resolved} ÷ ${place.accepted}`],
    ["b", place.resolution],
  ];
  row.append(
    ...cells.map(([tag, value]) => {
      const cell = document.createElement(tag);
      cell.textContent = value;
      return cell;
    }),
  );
  return row;
}

function tell(words, down) {
  const box = document.getElementById("link");
  box.textContent = words;
  box.classList.toggle("is-down", down);
}

async function refresh() {
  try {
    const answer = await fetch(document.body.dataset.source, {
      signal: AbortSignal.timeout(PATIENCE),
      headers: { Accept: "application/json" },
      redirect: "error",
      cache: "no-store",
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const data = await answer.json();
    write(data);
    draw(data);
    lastRead = Date.now();
    tell(`数据截至 ${data.at}`, false);
  } catch {
    const since = lastRead ? `，数据停在 ${new Date(lastRead).toLocaleTimeString("zh-CN")}` : "";
    tell(`暂时读不到数据，正在重试${since}`, true);
  }
}

function tick() {
  const now = new Date();
  document.getElementById("clock").textContent = now.toLocaleString("zh-CN", {
    year: "numeric",
    month: "long",
    day: "numeric",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Asia/Shanghai",
  });
  if (now.getHours() === AT_NIGHT && Date.now() - began > 12 * 3600000 && Date.now() - lastRead < 2 * EVERY)
    location.reload();
}

document.addEventListener("DOMContentLoaded", () => {
  tick();
  refresh();
  setInterval(tick, 5000);
  setInterval(refresh, EVERY);
  new ResizeObserver(() => {
    for (const one of Object.values(charts)) one.resize();
  }).observe(document.body);
});
