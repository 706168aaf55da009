// Draws /tree.json each second, as the server draws the page (status_html.cpp). Names come from users: they go in as
// text only, never as HTML.
"use strict";

const EVERY_MS = 1000;
const FLASH_MS = 3000; // as long as .flash in page.css
const MAX_PASSING = 6;

const restartsSeen = new Map(); // path in the tree -> restarts at the last look
const flashSince = new Map(); // path in the tree -> when its restarts grew

function element(tag, classes, content) {
  const made = document.createElement(tag);
  made.className = classes;
  if (Array.isArray(content)) made.append(...content);
  else made.textContent = content;
  return made;
}

const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`;

function durationForPeople(seconds) {
  if (seconds < 100) return `${Math.floor(seconds)} s`;
  if (seconds < 100 * 60) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

function facts(child) {
  const state = child.answers ? child.state : "does not answer";
  const since = child.uptime_seconds > 0 ? ` for ${durationForPeople(child.uptime_seconds)}` : "";
  return `${state}${since} · mailbox ${child.mailbox_length}`;
}

function flash(box, path, restarts, now) {
  if (restarts > (restartsSeen.get(path) ?? restarts)) flashSince.set(path, now);
  restartsSeen.set(path, restarts);
  const lit = now - (flashSince.get(path) ?? -Infinity);
  if (lit < FLASH_MS) {
    box.classList.add("flash");
    box.style.animationDelay = `${-lit}ms`; // the box is a new one, the flash goes on where it was
  }
}

function node(child, path, now) {
  const parts = [element("b", "id", child.id || "(no name)")];
  if (child.restarts > 0) parts.push(element("span", "restarts", counted(child.restarts, "restart", "restarts")));
  if (child.strategy) parts.push(element("span", "strategy", child.strategy));
  parts.push(element("span", "facts", facts(child)));
  if (child.last_exit !== null) parts.push(element("span", "exit", `last exit: ${child.last_exit}`));
  if (child.abandoned > 0) parts.push(element("span", "exit", counted(child.abandoned, "handler hangs", "handlers hang")));
  const box = element("div", `node ${child.level}`, parts);
  flash(box, path, child.restarts, now);
  return box;
}

function list(children, path, now) {
  if (children.length === 0) return [];
  const items = [];
  let passing = 0;
  children.forEach((child) => {
    if (child.type === "worker" && child.restart === "temporary" && ++passing > MAX_PASSING) return;
    const below = JSON.stringify([path, child.id || child.pid]);
    items.push(element("li", "", [node(child, below, now), ...list(child.children, below, now)]));
  });
  if (passing > MAX_PASSING) items.push(element("li", "", [element("div", "more", `and ${passing - MAX_PASSING} more`)]));
  return [element("ul", "", items)];
}

function tree(root, now) {
  if (root === null) return element("p", "silent", "The root of the tree does not answer.");
  const top = {
    ...root, id: "Application", level: "ok", state: "running", answers: true, restarts: 0, last_exit: null, uptime_seconds: 0,
  };
  return element("ul", "", [element("li", "", [node(top, "", now), ...list(root.children, "", now)])]);
}

function meter(label, value, max) {
  const bar = document.createElement("meter");
  bar.min = 0;
  bar.max = Math.max(max, 1);
  bar.value = value;
  return element("div", "meter", [element("span", "label", label), element("span", "count", `${value} of ${max}`), bar]);
}

function limits(worker) {
  const rate = worker.max_task_queue_activities_per_second;
  return (
    `limits: ${worker.max_concurrent_workflow_tasks} workflow tasks, ${worker.max_concurrent_activities} activities, ` +
    `${worker.max_cached_workflows} cached workflows` +
    (rate === null ? "" : `, ${rate} activities a second in the whole queue`)
  );
}

function card(worker) {
  const parts = [
    element("h3", "id", worker.task_queue),
    element("span", "facts", worker.registered ? "registered, polls" : "not registered with the server"),
    meter("tasks in hand", worker.tasks_in_hand, worker.max_concurrent_workflow_tasks + worker.max_concurrent_activities),
    element("span", "limits", limits(worker)),
  ];
  if (!worker.comes_back) parts.push(element("span", "limits", "does not come back after a cascade"));
  return element("article", `card ${worker.registered ? "ok" : "changing"}`, parts);
}

function together(status) {
  const sum = (field) => status.workers.reduce((all, worker) => all + worker[field], 0);
  return element("article", "card process", [
    element("h3", "id", "All workers"),
    meter("running activities", status.running_activities, sum("max_concurrent_activities")),
    meter("cached workflows", status.cached_workflows, sum("max_cached_workflows")),
  ]);
}

// What is not 0, a line each.
function counters(all) {
  const rows = all.filter((counter) => counter.value > 0).map((counter) => {
    const labels = Object.entries(counter.labels).map(([name, value]) => `${name} ${value}`).join(", ");
    return element("tr", "", [
      element("td", "count", String(counter.value)), element("td", "name", counter.name), element("td", "id", labels),
    ]);
  });
  if (rows.length === 0) return element("p", "limits", "nothing");
  return element("table", "counters", [element("tbody", "", rows)]);
}

function say(when, silent) {
  const line = document.getElementById("when");
  line.textContent = when;
  line.className = silent ? "silent" : "";
  document.body.className = silent ? "silent" : "";
}

function draw(status) {
  const health = document.getElementById("health");
  health.textContent = status.health.text;
  health.className = status.health.ready ? "ok" : status.health.alive ? "changing" : "down";
  document.getElementById("workers").replaceChildren(...status.workers.map(card), together(status));
  document.getElementById("tree").replaceChildren(tree(status.root, performance.now()));
  document.getElementById("counters").replaceChildren(counters(status.counters));
}

async function look() {
  // Who has selected text wants to copy it.
  if (document.getSelection().isCollapsed && !document.hidden) {
    try {
      const answer = await fetch("tree.json", { signal: AbortSignal.timeout(5000) });
      draw(await answer.json());
      say(`as of ${new Date().toISOString().slice(11, 19)} UTC`, false);
    } catch (error) {
      say("the program does not answer", true);
    }
  }
  setTimeout(look, EVERY_MS);
}

look();
