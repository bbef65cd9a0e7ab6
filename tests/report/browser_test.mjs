// Opens pages in a headless Chromium: no message on the console, nothing is fetched, every picture is
// there, what can be clicked works, axe-core finds no fault, and printed paper is true to scale.
//
// usage: node browser_test.mjs MODULES CHROMIUM [--shots FOLDER] record=PAGE folder=PAGE page=PAGE ...
// MODULES: a node_modules folder with playwright-core and axe-core. tests/report/browser_test.sh calls it.
import {createRequire} from "node:module";
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {cpus, loadavg, tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {execFileSync} from "node:child_process";

const [modules, chromium, ...words] = process.argv.slice(2);
const require = createRequire(resolve(modules, "x.js"));
const {chromium: browserType} = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
let shots = null;
if (words[0] === "--shots") [, shots] = words.splice(0, 2);

const faults = [];
function check(ok, text) {
  if (!ok) faults.push(text);
}

const SIZES = [[1440, 1000], [900, 1100], [390, 844]];

async function open(browser, file, options = {}) {
  const context = await browser.newContext({viewport: {width: 1440, height: 1000}, acceptDownloads: true, ...options});
  const page = await context.newPage();
  const name = file.split("/").pop();
  const folder = resolve(file).replace(/\.html$/, "_files/");
  page.on("console", (message) => faults.push(`${name}: console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`${name}: ${error.message}`));
  page.on("request", (request) => {
    const url = decodeURI(request.url());
    const own = url === `file://${resolve(file)}` || url.startsWith(`file://${folder}`);
    check(own || url.startsWith("blob:") || url.startsWith("data:"), `${name}: asks for ${url}`);
  });
  page.on("dialog", (dialog) => { faults.push(`${name}: dialog ${dialog.message()}`); dialog.dismiss(); });
  await page.goto(`file://${resolve(file)}`);
  return page;
}

// The content policy keeps axe out, as it keeps out everything: it is run beside it.
async function checkRoles(browser, file, scheme) {
  const context = await browser.newContext({viewport: {width: 1440, height: 1000}, colorScheme: scheme, bypassCSP: true});
  const page = await context.newPage();
  await page.goto(`file://${resolve(file)}`);
  await page.waitForTimeout(300);
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, {resultTypes: ["violations"]}));
  for (const violation of found.violations) {
    faults.push(`${file}, ${scheme}: ${violation.id}: ${violation.help}: ` +
      violation.nodes.slice(0, 3).map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).join("; "));
  }
  await context.close();
}

async function takeShots(browser, kind, file) {
  for (const scheme of ["light", "dark"]) {
    for (const [width, height] of SIZES) {
      const page = await open(browser, file, {viewport: {width, height}, colorScheme: scheme});
      await page.waitForTimeout(300);
      await page.screenshot({path: join(shots, `${kind}-${width}-${scheme}.png`), fullPage: true});
      await page.context().close();
    }
  }
  const page = await open(browser, file);
  await page.pdf({path: join(shots, `${kind}.pdf`), preferCSSPageSize: true, printBackground: true});
  await page.context().close();
}

// Nothing is wider than the window but what scrolls by itself.
async function checkWidths(browser, file) {
  for (const [width, height] of SIZES) {
    const page = await open(browser, file, {viewport: {width, height}});
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    check(wide <= 0, `${file}: ${wide} px wider than a window of ${width} px`);
    await page.context().close();
  }
}

async function checkSorting(page, name) {
  const table = page.locator("table.sortable").first();
  if (!await table.count()) return;
  const head = table.locator("thead th").first();
  await head.locator("button").click();
  check(await head.getAttribute("aria-sort") === "ascending", `${name}: does not sort`);
  const texts = await table.locator("tbody tr > :first-child").allTextContents();
  const sorted = [...texts].sort((a, b) => a.localeCompare(b, undefined, {numeric: true}));
  check(JSON.stringify(texts) === JSON.stringify(sorted), `${name}: is not sorted: ${texts.slice(0, 5)}`);
}

async function checkRecord(browser, file) {
  const page = await open(browser, file);
  const name = file.split("/").pop();
  check(await page.locator("svg.paper .trace").count() > 1, `${name}: has no trace`);
  await checkSorting(page, name);
  const shown = () => page.locator(".sheet:not([hidden])");
  // Arrangements.
  for (const sheet of await page.locator(".sheet").all()) {
    const title = await sheet.getAttribute("data-title");
    if (await page.locator(".sheet").count() < 2) break;
    await page.getByRole("button", {name: title, exact: true}).click();
    check(await sheet.isVisible(), `${name}: ${title} is not shown`);
    check(await shown().count() === 1, `${name}: more than ${title} is shown`);
  }
  // Names of leads go along where a strip is scrolled.
  const strip = page.locator('.sheet[data-sheet="strip"]');
  if (await strip.count()) {
    await page.getByRole("button", {name: await strip.getAttribute("data-title"), exact: true}).click();
    for (const end of [1, 0]) {
      await strip.evaluate((sheet, end) => { sheet.scrollLeft = end * sheet.scrollWidth; }, end);
      await page.waitForTimeout(200);
      const apart = await strip.evaluate((sheet) => {
        const box = sheet.getBoundingClientRect();
        return [...sheet.querySelectorAll("g.name")].map((name) => name.getBoundingClientRect())
          .filter((name) => name.left < box.left - 1 || name.right > box.left + box.width / 2).length;
      });
      check(apart === 0, `${name}: ${apart} names of leads are out of sight, scrolled to ${end}`);
    }
    check(await strip.locator("g.name").count() > 0, `${name}: leads have no names`);
  }
  const first = page.locator(".sheet").first();
  if (await page.locator(".sheet").count() > 1) {
    await page.getByRole("button", {name: await first.getAttribute("data-title"), exact: true}).click();
  }
  // Switches.
  for (const [words, group] of [["peaks", ".peaks"], ["waves", ".waves"], ["beat types", ".beats"]]) {
    const box = page.getByLabel(words, {exact: true});
    if (!await box.count()) continue;
    const one = first.locator(group).first();
    check(await one.count() === 0 || !await one.isVisible(), `${name}: ${words} are shown unasked`);
    await box.check();
    check(await one.evaluate((g) => getComputedStyle(g).display) !== "none", `${name}: ${words} cannot be shown`);
    await box.uncheck();
  }
  // Evidence.
  const evidence = page.locator("button[data-evidence]").first();
  if (await evidence.count()) {
    await evidence.click();
    check(await page.locator(".shades.shown").count() > 0, `${name}: evidence cannot be shown`);
    check(await evidence.getAttribute("aria-pressed") === "true", `${name}: evidence's button is not pressed`);
  }
  // Zoom: at 1:1 a millimetre is a millimetre of CSS.
  await page.getByRole("button", {name: "1:1", exact: true}).click();
  const scale = await first.locator("svg.paper").evaluate((svg) =>
    svg.getBoundingClientRect().width / svg.viewBox.baseVal.width / (96 / 25.4));
  check(Math.abs(scale - 1) < 0.005, `${name}: 1:1 is ${scale}`);
  await page.getByRole("button", {name: "Larger"}).click();
  const larger = await first.locator("svg.paper").evaluate((svg) => svg.getBoundingClientRect().width);
  check(larger > 1.3 * 270 * 96 / 25.4, `${name}: does not grow`);
  await page.getByRole("button", {name: "1:1", exact: true}).click();
  // Calipers: 25 mm by 10 mm on the paper are 1000 ms and 1 mV, by pointer and by keys.
  await page.getByRole("button", {name: "Calipers"}).click();
  await first.evaluate((sheet) => { sheet.scrollTop = sheet.scrollLeft = 0; });
  await first.scrollIntoViewIfNeeded();
  const box = await first.boundingBox();
  const mm = 96 / 25.4;
  await page.mouse.move(box.x + 20 * mm, box.y + 40 * mm);
  await page.mouse.down();
  await page.mouse.move(box.x + 45 * mm, box.y + 50 * mm, {steps: 4});
  await page.mouse.up();
  const reading = page.locator("output.reading");
  const [, ms, mv] = (await reading.textContent()).match(/^(\d+) ms.*, ([\d.]+) mV$/) ?? [];
  check(Math.abs(ms - 1000) <= 12 && Math.abs(mv - 1) <= 0.03, `${name}: calipers read ${await reading.textContent()}`);
  await first.focus();
  for (let i = 0; i < 4; ++i) await page.keyboard.press("ArrowRight");
  const [, moved] = (await reading.textContent()).match(/^(\d+) ms/) ?? [];
  check(Math.abs(moved - ms - 40) <= 1, `${name}: arrow keys move from ${ms} to ${moved} ms`);
  // Light and dark.
  await page.locator("header .corner button").first().click();
  check(await page.evaluate(() => document.documentElement.dataset.theme) === "dark", `${name}: does not get dark`);
  await page.context().close();
}

// In the printed page 25 mm are 25 mm: the width of the paper, by the drawing operators of the PDF.
async function checkPrint(browser, file) {
  const folder = mkdtempSync(join(tmpdir(), "ecg-print-"));
  const page = await open(browser, file);
  const pdf = join(folder, "page.pdf");
  await page.pdf({path: pdf, preferCSSPageSize: true, printBackground: true});
  await page.emulateMedia({media: "print"});
  const mm = await page.locator(".sheet:not([hidden]) svg.paper").first().evaluate((svg) =>
    svg.getBoundingClientRect().width / (96 / 25.4) / svg.viewBox.baseVal.width);
  check(Math.abs(mm - 1) < 0.002, `${file}: a printed millimetre is ${mm} mm`);
  try {
    // Calibration pulses are 5 mm wide and 10 mm high; at 254 dpi a millimetre is ten pixels.
    execFileSync("pdftoppm", ["-r", "254", "-f", "1", "-l", "1", "-gray", pdf, join(folder, "p")]);
    const image = readFileSync(join(folder, (await import("node:fs")).readdirSync(folder).find((f) => f.endsWith(".pgm"))));
    const pulse = measurePulse(image);
    check(pulse && Math.abs(pulse.width - 50) <= 1 && Math.abs(pulse.height - 100) <= 1,
      `${file}: a printed calibration pulse is ${pulse && pulse.width / 10} mm x ${pulse && pulse.height / 10} mm`);
    console.log(`${file}: printed calibration pulse ${pulse.width / 10} mm x ${pulse.height / 10} mm`);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    console.log("no pdftoppm: printed paper is measured in the page alone");
  }
  rmSync(folder, {recursive: true});
  await page.context().close();
}

// The first run of about 50 dark pixels with vertical lines of about 100 at both of its ends.
function measurePulse(pgm) {
  const head = pgm.subarray(0, 40).toString("latin1").match(/^P5\s+(\d+)\s+(\d+)\s+255\s/);
  const [width, height, start] = [Number(head[1]), Number(head[2]), head[0].length];
  const dark = (x, y) => pgm[start + y * width + x] < 100;
  const down = (x, y) => { let n = 0; while (y + n < height && dark(x, y + n)) ++n; return n; };
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      if (!dark(x, y) || (x > 0 && dark(x - 1, y))) continue;
      let run = 0;
      while (x + run < width && dark(x + run, y)) ++run;
      if (run < 45 || run > 60) continue;
      // Lines are 0.25 mm wide: from the middle of one to that of the other.
      const [left, right] = [down(x + 1, y), down(x + run - 2, y)];
      if (left > 90 && right > 90 && left < 115 && right < 115) {
        return {width: run - 2.5, height: Math.min(left, right) - 2.5};
      }
    }
  }
  return null;
}

async function checkFolder(browser, file) {
  const name = file.split("/").pop();
  const began = Date.now();
  const page = await open(browser, file);
  const summary = page.locator(".tools [role=status]").first();
  await page.waitForFunction(() => /of/.test(document.querySelector(".tools [role=status]")?.textContent ?? ""), null, {timeout: 20000}).catch(() => {});
  const usable = Date.now() - began;
  const count = Number(((await summary.textContent().catch(() => "")).match(/of ([\d,]+)/)?.[1] ?? "0").replaceAll(",", ""));
  console.log(`${name}: ${count} rows usable after ${usable} ms`);
  check(count > 0, `${name}: shows no row`);
  if (!count) { await page.context().close(); return; }
  // A machine that has other work to do tells nothing of how long this takes.
  check(usable < 2000 || loadavg()[0] > cpus().length, `${name}: usable after ${usable} ms`);
  // Pictures appear.
  if (await page.locator("td.picture").count()) {
    await page.waitForFunction(() => document.querySelector("td.picture canvas[role=img]"), null, {timeout: 5000})
      .catch(() => faults.push(`${name}: no picture appears`));
  }
  // Sorting, searching, filtering.
  await page.locator("table.records thead button.sort", {hasText: "recording"}).click();
  const texts = await page.locator("button.open").allTextContents();
  check(JSON.stringify(texts) === JSON.stringify([...texts].sort()), `${name}: is not sorted: ${texts.slice(0, 5)}`);
  await page.getByLabel("Search recordings and remarks").fill(texts[0]);
  check(Number((await summary.textContent()).replaceAll(",", "").match(/^(\d+)/)[1]) >= 1, `${name}: search finds nothing`);
  await page.getByLabel("Search recordings and remarks").fill("");
  await page.getByLabel("Which recordings").selectOption("found");
  check(!/^0 /.test(await summary.textContent()), `${name}: the filter leaves nothing`);
  // Both answers where there are two.
  if (await page.getByLabel("Which recordings").locator('option[value="differ"]').count()) {
    const shownOf = async () => Number((await summary.textContent()).replaceAll(",", "").match(/^(\d+)/)[1]);
    await page.getByLabel("Which recordings").selectOption("differ");
    const differ = await shownOf();
    const stated = Number((await page.locator("#pairs caption").textContent()).match(/answers (\d+) differ/)[1]);
    check(differ === stated, `${name}: ${differ} rows differ, ${stated} are told`);
    check(differ > 0, `${name}: nothing differs, so nothing was tested`);
    const others = await page.locator("table.records tbody tr[aria-rowindex]").first().locator("td, th").allTextContents();
    check(others.some((text) => text.includes("+ ")), `${name}: what differs is not set apart: ${others}`);
    let parts = 0;
    for (const kind of ["here", "there"]) {
      await page.getByLabel("Which recordings").selectOption(kind);
      parts += await shownOf();
    }
    check(parts >= differ, `${name}: ${parts} rows have something alone, ${differ} differ`);
  }
  await page.getByLabel("Which recordings").selectOption("");
  // Scrolling to the end shows the last row.
  await page.locator(".scroll.records").evaluate((element) => { element.scrollTop = element.scrollHeight; });
  await page.waitForTimeout(200);
  check(Number(await page.locator("table.records tbody tr[aria-rowindex]").last().getAttribute("aria-rowindex")) === count,
    `${name}: the last row is not reached`);
  await page.locator(".scroll.records").evaluate((element) => { element.scrollTop = 0; });
  await page.waitForTimeout(200);
  // A recording opens, its classes are ticked and saved.
  const record = await page.locator("button.open").first().textContent();
  await page.locator("button.open").first().click();
  check(await page.locator("dialog.record[open]").count() === 1, `${name}: a recording does not open`);
  check(await page.locator("#record-title").textContent() === record, `${name}: another recording opens`);
  await page.locator("dialog fieldset.ticks").getByLabel("AF", {exact: true}).check();
  await page.keyboard.press("Escape");
  const download = page.waitForEvent("download");
  await page.getByRole("button", {name: /Save labels/}).click();
  const saved = readFileSync(await (await download).path(), "utf8").trim().split("\n");
  const af = saved[0].split(",").indexOf("AF");
  check(saved.length === 2 && saved[1].startsWith(record.includes(",") ? '"' : record) && saved[1].split(",")[af] === "1",
    `${name}: saved labels are ${saved[1]}`);
  const memory = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
  console.log(`${name}: ${Math.round(memory / 1e6)} MB of script memory`);
  check(memory < 500e6, `${name}: takes ${memory} bytes`);
  await page.context().close();
}

const browser = await browserType.launch({executablePath: chromium, args: [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"]});
for (const word of words) {
  const [kind, file] = [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)];
  if (shots) await takeShots(browser, kind, file);
  if (kind === "record") {
    await checkRecord(browser, file);
    await checkPrint(browser, file);
  } else if (kind === "folder") {
    await checkFolder(browser, file);
  } else {
    const page = await open(browser, file);
    await checkSorting(page, file);
    await page.context().close();
  }
  await checkWidths(browser, file);
  for (const scheme of ["light", "dark"]) await checkRoles(browser, file, scheme);
}
await browser.close();
for (const fault of faults) console.error(fault);
console.log(faults.length ? `${faults.length} faults` : "no faults");
process.exit(faults.length ? 1 : 0);
