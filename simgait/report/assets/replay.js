"use strict";
// A page may hold several replays: the ids of each end alike, those of a report's only one in "".
function replay(ending) {
  const byId = (id) => document.getElementById(id + ending);
  const data = JSON.parse(byId("replay-data").textContent);
  const canvas = byId("stage");
  const context = canvas.getContext("2d");
  const MISSING = -32768;

  function bytes(base64) {
    const text = atob(base64);
    const out = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
    return new DataView(out.buffer);
  }
  function int16(base64) {
    const view = bytes(base64);
    return Int16Array.from({ length: view.byteLength / 2 }, (_, i) => view.getInt16(2 * i, true));
  }
  function int32(base64) {
    const view = bytes(base64);
    return Int32Array.from({ length: view.byteLength / 4 }, (_, i) => view.getInt32(4 * i, true));
  }

  const origin = int32(data.origin);
  const body = int16(data.body);
  const target = int16(data.target);
  const force = int16(data.force);
  const twin = data.twin
    ? { origin: int32(data.twin.origin), body: int16(data.twin.body), names: data.twin.names }
    : null;
  const end = data.end;
  const bodyIndex = Object.fromEntries(data.bodyNames.map((name, i) => [name, i]));
  const targetIndex = Object.fromEntries(data.targetNames.map((name, i) => [name, i]));

  // ---- state -------------------------------------------------------------------------------
  const views = {
    side: { azimuth: -Math.PI / 2, elevation: 0.09 },
    front: { azimuth: 0, elevation: 0.12 },
    top: { azimuth: -Math.PI / 2, elevation: 1.5 },
    oblique: { azimuth: -1.0, elevation: 0.24 },
  };
  const state = {
    time: 0, playing: false, speed: 1, azimuth: views.oblique.azimuth,
    elevation: views.oblique.elevation, distance: 2.0 * data.height,
    show: { body: true, target: true, force: true, ringed: true }, twin: "",
  };

  // ---- samples between frames ---------------------------------------------------------------
  function moment(time) {
    const step = end / Math.max(data.frames - 1, 1);
    const at = Math.min(Math.max(time / step, 0), data.frames - 1);
    const a = Math.min(Math.floor(at), Math.max(data.frames - 2, 0));
    return { a, b: Math.min(a + 1, data.frames - 1), w: at - a, frame: Math.round(at) };
  }
  function point(array, count, index, m, about = origin) {
    const out = [0, 0, 0];
    for (let k = 0; k < 3; k++) {
      const va = array[(m.a * count + index) * 3 + k];
      const vb = array[(m.b * count + index) * 3 + k];
      if ((va === MISSING && m.w < 1) || (vb === MISSING && m.w > 0)) return null;
      const xa = about[m.a * 3 + k] + va;
      const xb = about[m.b * 3 + k] + vb;
      out[k] = (m.w === 0 ? xa : m.w === 1 ? xb : xa + m.w * (xb - xa)) / 1000;
    }
    return out;
  }
  function forceOn(side, m) {
    const out = [0, 0, 0];
    for (let k = 0; k < 3; k++) {
      const va = force[(m.a * 2 + side) * 3 + k];
      const vb = force[(m.b * 2 + side) * 3 + k];
      if (va === MISSING || vb === MISSING) return null;
      out[k] = (va + m.w * (vb - va)) / 1000;
    }
    return out;
  }
  const inStance = (side, time) => data.stance[side].some(([a, b]) => time >= a && time < b);

  // The camera rides with a slow average of the pelvis, so that the body bobs and the floor runs.
  function smoothOrigin(k) {
    const half = Math.round(12 / data.stride);
    const out = new Float64Array(data.frames);
    for (let i = 0; i < data.frames; i++) {
      const reach = Math.min(half, i, data.frames - 1 - i);
      let sum = 0;
      for (let j = i - reach; j <= i + reach; j++) sum += origin[j * 3 + k];
      out[i] = sum / (2 * reach + 1) / 1000;
    }
    return out;
  }
  const calm = [smoothOrigin(0), smoothOrigin(1)];

  // ---- camera -------------------------------------------------------------------------------
  let eye, forward, right, up, focal, width, height;
  function aim(m) {
    const centre = [0, 1].map((k) => calm[k][m.a] + m.w * (calm[k][m.b] - calm[k][m.a]));
    centre.push(0.45 * data.height);
    const ce = Math.cos(state.elevation), se = Math.sin(state.elevation);
    const ca = Math.cos(state.azimuth), sa = Math.sin(state.azimuth);
    forward = [-ce * ca, -ce * sa, -se];
    right = [-sa, ca, 0];
    up = [-se * ca, -se * sa, ce];
    eye = centre.map((c, k) => c - state.distance * forward[k]);
    focal = 1.55 * Math.min(height, 1.25 * width);
    return centre;
  }
  const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  function project(p) {
    const d = [p[0] - eye[0], p[1] - eye[1], p[2] - eye[2]];
    const depth = dot(d, forward);
    if (depth < 0.05) return null;
    const scale = focal / depth;
    return { x: width / 2 + scale * dot(d, right), y: height / 2 - scale * dot(d, up), scale, depth };
  }

  // ---- pieces -------------------------------------------------------------------------------
  function shade(hex, amount) {
    const n = parseInt(hex.slice(1), 16);
    const mix = (c) => Math.round(amount > 0 ? c + (255 - c) * amount : c * (1 + amount));
    return `rgb(${mix(n >> 16)},${mix((n >> 8) & 255)},${mix(n & 255)})`;
  }
  function capsule(p, q, rp, rq, colour) {
    const a = project(p), b = project(q);
    if (!a || !b) return null;
    return {
      depth: (a.depth + b.depth) / 2,
      draw() {
        const ra = rp * a.scale, rb = rq * b.scale;
        const angle = Math.atan2(b.y - a.y, b.x - a.x);
        const nx = -Math.sin(angle), ny = Math.cos(angle);
        const wide = Math.max(ra, rb);
        // Lit from above left: the bright edge is the one whose normal points there.
        const lit = nx * -0.5 + ny * -0.85 > 0 ? 1 : -1;
        const mx = (a.x + b.x) / 2, my = (a.y + b.y) / 2;
        const gradient = context.createLinearGradient(
          mx + lit * nx * wide, my + lit * ny * wide, mx - lit * nx * wide, my - lit * ny * wide);
        gradient.addColorStop(0, shade(colour, 0.45));
        gradient.addColorStop(0.45, shade(colour, 0.12));
        gradient.addColorStop(1, shade(colour, -0.38));
        context.beginPath();
        context.arc(a.x, a.y, ra, angle + Math.PI / 2, angle + 1.5 * Math.PI);
        context.arc(b.x, b.y, rb, angle - Math.PI / 2, angle + Math.PI / 2);
        context.closePath();
        context.fillStyle = gradient;
        context.fill();
        context.lineWidth = 0.8;
        context.strokeStyle = shade(colour, -0.5);
        context.stroke();
      },
    };
  }
  function shadow(p, q, r) {
    const a = project([p[0], p[1], 0]), b = project([q[0], q[1], 0]);
    if (!a || !b) return;
    context.lineWidth = Math.max(1, 2 * r * (a.scale + b.scale) / 2);
    context.lineCap = "round";
    context.strokeStyle = "rgb(218,223,228)";
    context.beginPath();
    context.moveTo(a.x, a.y);
    context.lineTo(b.x, b.y);
    context.stroke();
  }
  function segment(p, q, colour, lineWidth) {
    const a = project(p), b = project(q);
    if (!a || !b) return;
    context.strokeStyle = colour;
    context.lineWidth = lineWidth;
    context.beginPath();
    context.moveTo(a.x, a.y);
    context.lineTo(b.x, b.y);
    context.stroke();
  }
  function floor(centre) {
    const reach = 4, across = 1.5, cell = 0.5;
    const x0 = Math.ceil((centre[0] - reach) / cell) * cell;
    const y0 = Math.round(centre[1] / cell) * cell;
    for (let x = x0; x <= centre[0] + reach; x += cell) {
      const fade = 1 - Math.abs(x - centre[0]) / reach;
      segment([x, y0 - across, 0], [x, y0 + across, 0],
        `rgba(150,162,174,${(0.55 * fade).toFixed(3)})`, 1);
      const beyond = eye[1] < centre[1] ? across + 0.12 : -across - 0.12;
      const label = project([x, y0 + beyond, 0]);
      if (label && Math.abs(x - Math.round(x)) < 1e-6 && fade > 0.15) {
        context.fillStyle = `rgba(95,107,119,${fade.toFixed(3)})`;
        context.font = "12px sans-serif";
        context.textAlign = "center";
        context.fillText(`${Math.round(x)} m`, label.x, label.y + 4);
      }
    }
    for (let y = y0 - across; y <= y0 + across + 1e-6; y += cell) {
      for (let x = x0; x < centre[0] + reach; x += cell) {
        const fade = Math.max(0, 1 - Math.abs(x + cell / 2 - centre[0]) / reach);
        segment([x, y, 0], [x + cell, y, 0], `rgba(150,162,174,${(0.55 * fade).toFixed(3)})`, 1);
      }
    }
  }
  function arrow(base, tip, colour) {
    const a = project(base), b = project(tip);
    if (!a || !b || Math.hypot(b.x - a.x, b.y - a.y) < 6) return;
    segment(base, tip, colour, 3);
    const angle = Math.atan2(b.y - a.y, b.x - a.x);
    context.fillStyle = colour;
    context.beginPath();
    context.moveTo(b.x + 5 * Math.cos(angle), b.y + 5 * Math.sin(angle));
    for (const turn of [2.6, -2.6]) {
      context.lineTo(b.x + 9 * Math.cos(angle + turn), b.y + 9 * Math.sin(angle + turn));
    }
    context.closePath();
    context.fill();
  }

  // ---- the body -----------------------------------------------------------------------------
  const COLOUR = { Left: "#b34700", Right: "#0072b2", trunk: "#9aa5b1", arrow: "#007d5c" };
  const between = (p, q, w) => p.map((v, k) => v + w * (q[k] - v));
  function limbs(m) {
    const at = (name) => point(body, data.bodyNames.length, bodyIndex[name], m);
    const h = data.height, list = [];
    const middle = between(at("Left Hip"), at("Right Hip"), 0.5);
    list.push([at("Left Hip"), at("Right Hip"), 0.042 * h, 0.042 * h, COLOUR.trunk]);
    list.push([between(middle, at("Sternum"), 0.12), between(middle, at("Sternum"), 0.55),
      0.062 * h, 0.066 * h, COLOUR.trunk]);
    for (const side of ["Left", "Right"]) {
      const [hip, knee, ankle] = ["Hip", "Knee", "Ankle"].map((j) => at(`${side} ${j}`));
      const [heel, foot, toe] = ["Heel", "Foot", "Big Toe"].map((j) => at(`${side} ${j}`));
      const colour = COLOUR[side];
      list.push([hip, knee, 0.041 * h, 0.029 * h, colour]);
      list.push([knee, ankle, 0.028 * h, 0.018 * h, colour]);
      list.push([ankle, heel, 0.018 * h, 0.014 * h, colour]);
      list.push([ankle, foot, 0.017 * h, 0.013 * h, colour]);
      list.push([heel, foot, 0.013 * h, 0.012 * h, colour]);
      list.push([foot, toe, 0.012 * h, 0.009 * h, colour]);
    }
    return list;
  }
  const BONES = [["Hip", "Knee"], ["Knee", "Ankle"], ["Ankle", "Heel"], ["Ankle", "Foot"],
    ["Foot", "Big Toe"], ["Ankle", "Big Toe"], ["Shoulder", "Elbow"], ["Elbow", "Wrist"],
    ["Wrist", "Hand"]];
  const CROSS = [["Left Hip", "Right Hip"], ["Left Shoulder", "Right Shoulder"],
    ["Pelvis", "Sternum"], ["Sternum", "Head"]];
  function recorded(m) {
    const at = (name) => point(target, data.targetNames.length, targetIndex[name], m);
    const pairs = CROSS.concat(...["Left", "Right"].map((side) =>
      BONES.map(([a, b]) => [`${side} ${a}`, `${side} ${b}`])));
    for (const [a, b] of pairs) {
      const p = at(a), q = at(b);
      if (p && q) segment(p, q, "rgba(31,41,51,0.55)", 1.2);
    }
    for (const name of data.targetNames) {
      const p = at(name), s = p && project(p);
      if (!s) continue;
      context.beginPath();
      context.arc(s.x, s.y, 3.4, 0, 2 * Math.PI);
      context.fillStyle = "#1f2933";
      context.fill();
      context.lineWidth = 1.2;
      context.strokeStyle = "#fff";
      context.stroke();
    }
  }

  // Dashed, so that it is told from stance and keypoints without its colour.
  function ring(name, m) {
    const s = project(point(body, data.bodyNames.length, bodyIndex[name], m));
    if (!s) return;
    context.save();
    context.beginPath();
    context.arc(s.x, s.y, Math.max(9, 0.06 * data.height * s.scale), 0, 2 * Math.PI);
    context.setLineDash([6, 4]);
    for (const [wide, colour] of [[5, "#fff"], [2.5, "#7a1fa2"]]) {
      context.lineWidth = wide;
      context.strokeStyle = colour;
      context.stroke();
    }
    context.restore();
  }

  // Which joint is how bad: shape, size and lightness say the same, and the worst have their name.
  function mark(joint, m) {
    const s = project(point(body, data.bodyNames.length, bodyIndex[joint.point], m));
    if (!s) return;
    const { shape, fill, size } = data.marks.steps[joint.step];
    context.save();
    context.translate(s.x, s.y);
    context.beginPath();
    if (shape === "circle") context.arc(0, 0, size, 0, 2 * Math.PI);
    else {
      const side = shape === "square" ? 2 * size : Math.SQRT2 * size;
      if (shape === "diamond") context.rotate(Math.PI / 4);
      context.rect(-side / 2, -side / 2, side, side);
    }
    for (const [wide, colour] of [[4, "#fff"], [1.5, data.marks.rim]]) {
      context.lineWidth = wide;
      context.strokeStyle = colour;
      context.stroke();
    }
    context.fillStyle = fill;
    context.fill();
    context.restore();
    if (!joint.text) return;
    const reach = Math.max(9, 0.06 * data.height * s.scale) + 6;
    const left = joint.point.startsWith("Left");
    context.font = "600 12px sans-serif";
    context.textAlign = left ? "right" : "left";
    context.lineWidth = 4;
    context.strokeStyle = "#fff";
    context.fillStyle = data.marks.rim;
    const x = s.x + (left ? -reach : reach);
    context.strokeText(joint.text, x, s.y + 4);
    context.fillText(joint.text, x, s.y + 4);
  }

  // ---- the twin ------------------------------------------------------------------------------
  const TWIN_BONES = CROSS.filter(([a]) => !a.endsWith("Shoulder")).concat(
    ...["Left", "Right"].map((side) => BONES.map(([a, b]) => [`${side} ${a}`, `${side} ${b}`])));
  function drawTwin(m) {
    if (!twin || !state.twin) return;
    const over = state.twin === "over";
    const mid = (array, k) => (array[m.a * 3 + k] + m.w * (array[m.b * 3 + k] - array[m.a * 3 + k])) / 1000;
    // From the same pelvis over the floor; its height is its own, with which its feet stand.
    const move = [0, 1].map((k) => (over ? mid(origin, k) - mid(twin.origin, k) : 0)).concat(0);
    const at = (name) => {
      const index = twin.names.indexOf(name);
      const p = index < 0 ? null : point(twin.body, twin.names.length, index, m, twin.origin);
      return p && p.map((v, k) => v + move[k]);
    };
    context.save();
    context.globalAlpha = over ? 0.75 : 1;
    for (const [a, b] of TWIN_BONES) {
      const p = at(a), q = at(b);
      if (!p || !q) continue;
      context.setLineDash([]);
      segment(p, q, "#fff", 6);
      context.setLineDash([7, 6]);
      segment(p, q, "#1b6b3a", 3);
    }
    const head = at("Sternum"), s = head && project(head);
    if (s) {
      context.setLineDash([]);
      context.font = "600 12px sans-serif";
      context.textAlign = "center";
      context.lineWidth = 4;
      context.strokeStyle = "#fff";
      context.fillStyle = "#1b6b3a";
      context.strokeText("twin, no measurement", s.x, s.y - 12);
      context.fillText("twin, no measurement", s.x, s.y - 12);
    }
    context.restore();
  }

  function draw() {
    const ratio = window.devicePixelRatio || 1;
    width = canvas.clientWidth;
    height = canvas.clientHeight;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.lineCap = "round";
    const m = moment(state.time);
    const centre = aim(m);
    floor(centre);
    if (state.show.body) {
      const list = limbs(m);
      for (const [p, q, rp] of list) shadow(p, q, rp);
      ["Left", "Right"].forEach((side, index) => {
        if (!inStance(index, state.time)) return;
        const heel = point(body, data.bodyNames.length, bodyIndex[`${side} Heel`], m);
        const toe = point(body, data.bodyNames.length, bodyIndex[`${side} Big Toe`], m);
        heel[2] = toe[2] = 0;
        segment(heel, toe, index ? "rgba(0,114,178,0.35)" : "rgba(213,94,0,0.35)",
          0.085 * data.height * (project(heel) || { scale: 0 }).scale);
      });
      list.map((l) => capsule(...l)).filter(Boolean).sort((a, b) => b.depth - a.depth)
        .forEach((item) => item.draw());
    }
    if (state.show.target) recorded(m);
    drawTwin(m);
    if (state.show.ringed) {
      data.ringed.forEach((name) => ring(name, m));
      data.marks.joints.forEach((joint) => mark(joint, m));
    }
    if (state.show.force) {
      ["Left", "Right"].forEach((side, index) => {
        const f = forceOn(index, m);
        if (!f || Math.hypot(...f) < 0.03) return;
        const heel = point(body, data.bodyNames.length, bodyIndex[`${side} Heel`], m);
        const toe = point(body, data.bodyNames.length, bodyIndex[`${side} Big Toe`], m);
        const base = between(heel, toe, 0.45);
        base[2] = 0;
        arrow(base, base.map((v, k) => v + 0.3 * data.height * f[k]), COLOUR.arrow);
      });
    }
    caption(m);
    showFilm();
    const contactTime = byId("now"), bars = byId("contact-bars");
    if (contactTime && bars) {
      const x = +bars.dataset.left + (+bars.dataset.width * state.time) / +bars.dataset.end;
      contactTime.setAttribute("x1", x);
      contactTime.setAttribute("x2", x);
    }
    byId("scrub").value = end > 0 ? state.time / end : 0;
    byId("clock").textContent =
      `${state.time.toFixed(2)} / ${end.toFixed(2)} s · frame ${m.frame * data.stride + 1}/${data.recorded}`;
  }
  function caption(m) {
    context.textAlign = "left";
    context.font = "600 13px sans-serif";
    ["Left", "Right"].forEach((side, index) => {
      const on = inStance(index, state.time);
      const y = 24 + 20 * index;
      context.beginPath();
      context.arc(20, y - 4, 5, 0, 2 * Math.PI);
      context.strokeStyle = context.fillStyle = COLOUR[side];
      context.lineWidth = 1.5;
      if (on) context.fill();
      context.stroke();
      context.fillText(`${side.toLowerCase()} ${on ? "stance" : "swing"}`, 32, y);
    });
    if (m.frame >= data.alive) {
      context.fillStyle = "#b3261e";
      context.fillText("the simulated body has fallen", 14, 66);
    }
  }

  // ---- the video, where there is one ---------------------------------------------------------
  const film = byId("film");
  let asked = null;
  function showFilm() {
    if (!film || film.readyState < 1) return;
    // A little behind the start of the picture, which stands for the time from its own on.
    const wanted = Math.min(state.time + 0.005, film.duration);
    const off = Math.abs(film.currentTime - wanted);
    if (state.playing) {
      asked = null;
      film.playbackRate = state.speed;
      if (film.paused) film.play().catch(() => {});
      if (off > 0.15 && !film.seeking) film.currentTime = wanted;
    } else {
      if (!film.paused) film.pause();
      // Once for each place: a browser may put the picture a little beside it.
      if (off > 0.008 && !film.seeking && wanted !== asked) film.currentTime = asked = wanted;
    }
  }
  if (film) {
    for (const kind of ["loadedmetadata", "seeked"]) film.addEventListener(kind, () => refresh());
    const gone = () => {
      film.hidden = true;
      byId("film-text").textContent =
        `The video ${film.getAttribute("src")} does not lie beside this page.`;
    };
    film.addEventListener("error", gone);
    if (film.error) gone();
    film.addEventListener("click", () => play(!state.playing));
    film.addEventListener("keydown", onKey);
  }

  // ---- control ------------------------------------------------------------------------------
  let queued = false, last = null;
  function refresh() {
    if (queued) return;
    queued = true;
    requestAnimationFrame((now) => {
      queued = false;
      if (state.playing) {
        if (last !== null) state.time += (state.speed * (now - last)) / 1000;
        last = now;
        if (state.time >= end) { state.time = end; play(false); }
      }
      draw();
      if (state.playing) refresh();
    });
  }
  function play(on) {
    if (on && state.time >= end - 1e-6) state.time = 0;
    state.playing = on;
    last = null;
    byId("play").textContent = on ? "Pause" : "Play";
    byId("play").setAttribute("aria-pressed", String(on));
    refresh();
  }
  function seek(time) {
    state.time = Math.min(Math.max(time, 0), end);
    refresh();
  }
  function look(name) {
    Object.assign(state, views[name]);
    refresh();
  }
  function zoom(factor) {
    state.distance = Math.min(Math.max(state.distance * factor, 0.6 * data.height), 12 * data.height);
    refresh();
  }
  function fromHash() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const time = parseFloat(wanted.get("t"));
    if (Number.isFinite(time)) { play(false); seek(time); }
    if (Object.hasOwn(views, wanted.get("view") || "")) look(wanted.get("view"));
  }

  byId("play").addEventListener("click", () => play(!state.playing));
  byId("scrub").addEventListener("input", (e) => { play(false); seek(+e.target.value * end); });
  byId("speed").addEventListener("change", (e) => { state.speed = +e.target.value; });
  byId("twin-place")?.addEventListener("change", (e) => {
    state.twin = e.target.value;
    refresh();
  });
  // A twin is no measurement: paper shows the person alone.
  let hidden = "";
  window.addEventListener("beforeprint", () => {
    hidden = state.twin;
    state.twin = "";
    draw();
  });
  window.addEventListener("afterprint", () => {
    state.twin = hidden;
    draw();
  });
  for (const part of ["body", "target", "force", "ringed"]) {
    byId(`show-${part}`)?.addEventListener("change", (e) => {
      state.show[part] = e.target.checked;
      refresh();
    });
  }
  canvas.closest(".replay").querySelectorAll("[data-view]").forEach((button) =>
    button.addEventListener("click", () => look(button.dataset.view)));
  const fingers = new Map();
  canvas.addEventListener("pointerdown", (e) => {
    canvas.setPointerCapture(e.pointerId);
    fingers.set(e.pointerId, [e.clientX, e.clientY]);
  });
  canvas.addEventListener("pointermove", (e) => {
    const from = fingers.get(e.pointerId);
    if (!from) return;
    if (fingers.size === 2) {
      const other = [...fingers].find(([id]) => id !== e.pointerId)[1];
      const gap = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]) || 1;
      zoom(gap(from) / gap([e.clientX, e.clientY]));
    } else {
      state.azimuth -= (e.clientX - from[0]) * 0.008;
      state.elevation = Math.min(Math.max(state.elevation + (e.clientY - from[1]) * 0.006, 0.02), 1.55);
      refresh();
    }
    fingers.set(e.pointerId, [e.clientX, e.clientY]);
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(kind, (e) => fingers.delete(e.pointerId));
  }
  canvas.addEventListener("wheel", (e) => {
    // Until the stage was clicked, the wheel scrolls the page past it.
    if (document.activeElement !== canvas && !e.ctrlKey) return;
    e.preventDefault();
    zoom(Math.exp(e.deltaY * 0.0012));
  }, { passive: false });
  function onKey(e) {
    const step = end / Math.max(data.frames - 1, 1);
    const actions = {
      " ": () => play(!state.playing),
      ArrowLeft: () => { play(false); seek(state.time - step); },
      ArrowRight: () => { play(false); seek(state.time + step); },
      Home: () => seek(0),
      End: () => seek(end),
      1: () => look("side"), 2: () => look("front"), 3: () => look("top"),
      "+": () => zoom(0.85), "=": () => zoom(0.85), "-": () => zoom(1.18),
    };
    if (!actions[e.key]) return;
    e.preventDefault();
    actions[e.key]();
  }
  canvas.addEventListener("keydown", onKey);
  const bars = byId("contact-bars");
  bars?.addEventListener("click", (e) => {
    const box = bars.getBoundingClientRect();
    const x = ((e.clientX - box.left) / box.width) * bars.viewBox.baseVal.width;
    play(false);
    seek(((x - bars.dataset.left) / bars.dataset.width) * end);
  });
  window.addEventListener("hashchange", fromHash);
  new ResizeObserver(refresh).observe(canvas);
  fromHash();
  draw();
}
document.querySelectorAll('script[id^="replay-data"]').forEach((script) =>
  replay(script.id.slice("replay-data".length)));
