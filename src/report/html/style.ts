/** How the page looks: light and dark, wide and narrow, on paper. */

const LIGHT = `--paper:#fbfbf9;--card:#fff;--ink:#1c2024;--soft:#5d666f;--line:#e3e4df;--accent:#00796b;
--pass:#1f7a4d;--pass-bg:#e3f3ea;--fail:#b3261e;--fail-bg:#fbe9e7;--warn:#8a5a00;--warn-bg:#fdf1d8;--unsure:#1f5fa8;--unsure-bg:#e5effa;
--code:#f5f5f1;--keyword:#8a2c9c;--string:#22703f;--comment:#767c70;--shade:0 1px 2px rgb(0 0 0/.05)`
const DARK = `--paper:#14171a;--card:#1b1f23;--ink:#e6e8ea;--soft:#9aa4ad;--line:#2d3338;--accent:#4db6ac;
--pass:#6fcf97;--pass-bg:#173326;--fail:#ff8a80;--fail-bg:#3b1c1a;--warn:#f2c063;--warn-bg:#382a10;--unsure:#82b7f5;--unsure-bg:#172b42;
--code:#16191c;--keyword:#d79be3;--string:#8fce9f;--comment:#828a80;--shade:none`

export const STYLE = `
:root{${LIGHT};color-scheme:light}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${DARK};color-scheme:dark}}
:root[data-theme=dark]{${DARK};color-scheme:dark}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{scroll-padding-top:56px;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
header,main,footer{max-width:1180px;margin:0 auto;padding:0 24px}
code,pre,.place{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.87em}
code{overflow-wrap:anywhere}
a{color:var(--accent);text-underline-offset:2px}
small{color:var(--soft);font-weight:400;font-size:.8em}
h1{font-size:30px;line-height:1.2;letter-spacing:-.02em;margin:0 0 6px}
h2{font-size:21px;letter-spacing:-.01em;margin:44px 0 14px}
h3{font-size:15px;margin:26px 0 10px}
h4{font-size:13px;margin:12px 0 4px}
:is(summary,button,a,input,select,.scroll):focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.brand{margin:34px 0 4px;color:var(--accent);font-weight:700;letter-spacing:.02em}
.facts{margin:0;color:var(--soft);display:flex;flex-wrap:wrap;gap:2px 16px}
.facts strong{color:var(--ink);overflow-wrap:anywhere}
.sum{margin:10px 0 20px;font-size:17px}
.sum span{display:block}
nav{position:sticky;top:0;z-index:2;background:var(--paper);border-bottom:1px solid var(--line);display:flex;gap:4px;overflow-x:auto;
padding:6px max(16px,calc((100% - 1148px)/2))}
nav a{padding:6px 10px;border-radius:7px;color:var(--ink);text-decoration:none;white-space:nowrap}
nav a:hover,nav button:hover{background:var(--line)}
nav button{margin-left:auto;border:1px solid var(--line);border-radius:7px;background:none;color:var(--soft);font:inherit;font-size:13px;padding:4px 12px;cursor:pointer}
footer{margin-top:56px;padding-bottom:40px;color:var(--soft);font-size:13px}
.hint,.place,.why{color:var(--soft)}
.place{overflow-wrap:anywhere}
.hint{margin:0 0 12px}
.unchecked{margin:14px 0 0}
.badge,.tag{display:inline-block;border-radius:5px;padding:1px 8px;font-size:12px;font-weight:650;line-height:1.6;white-space:nowrap;background:var(--line);color:var(--soft)}
.tag{font-weight:500;max-width:100%;overflow:hidden;text-overflow:ellipsis;vertical-align:bottom}
.badge.pass,.tag.pass{background:var(--pass-bg);color:var(--pass)}
.badge.fail,.badge.error,.tag.fail{background:var(--fail-bg);color:var(--fail)}
.badge.warning{background:var(--warn-bg);color:var(--warn)}
.badge.unsure,.badge.info,.tag.unsure{background:var(--unsure-bg);color:var(--unsure)}
.badge.na{text-transform:none}
b.fail,h4.fail{color:var(--fail)}b.unsure,h4.unsure{color:var(--unsure)}b.pass{color:var(--pass)}

details>summary{cursor:pointer;list-style:none}
details>summary::-webkit-details-marker{display:none}
.item,.finding,.question{background:var(--card);border:1px solid var(--line);border-radius:10px;box-shadow:var(--shade);margin:0 0 8px}
.item>summary{display:grid;grid-template-columns:26px minmax(0,1fr) 76px 150px 212px;gap:4px 14px;align-items:center;padding:11px 16px}
.item .number{color:var(--soft);font-variant-numeric:tabular-nums;text-align:right}
.item .title{font-weight:600}
.item.na .title{color:var(--soft);font-weight:500}
.item .badge{justify-self:start}
.numbers{font-size:13px;color:var(--soft);font-variant-numeric:tabular-nums;text-align:right;white-space:nowrap}
.numbers b{margin-left:5px;font-weight:650}
.bar{width:100%;height:7px;border-radius:4px;background:var(--line);display:block}
.bar .pass{fill:var(--pass);opacity:.75}.bar .fail{fill:var(--fail)}.bar .unsure{fill:var(--unsure)}
.inside{border-top:1px solid var(--line);padding:10px 18px 14px}
.things{list-style:none;margin:0;padding:0;font-size:14px}
.things li{padding:3px 0}
.things .links a,.things .links{font-size:12px}
.more{color:var(--soft)}
dl{margin:10px 0 0;font-size:14px}
dl>div{display:grid;grid-template-columns:108px minmax(0,1fr);gap:10px;padding:3px 0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
.line{display:block}
.line+.line{margin-top:4px}

.filters{display:flex;flex-wrap:wrap;gap:8px 14px;align-items:end;margin:0 0 12px;font-size:13px;color:var(--soft)}
.filters label>span{display:block}
.filters .search{flex:1 1 220px}
.filters .check{display:flex;gap:6px;align-items:center;padding-bottom:7px}
.filters output{margin-left:auto;padding-bottom:7px;font-variant-numeric:tabular-nums}
.filters :is(input[type=search],select){font:inherit;font-size:14px;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:7px;padding:6px 9px;width:100%;min-width:0}
.routes{width:100%;border-collapse:collapse;background:var(--card);border:1px solid var(--line);border-radius:10px;font-size:14px;table-layout:fixed}
.routes th{position:sticky;top:47px;background:var(--card);text-align:left;font-size:12px;font-weight:600;color:var(--soft);padding:9px 10px;border-bottom:1px solid var(--line)}
.routes td{padding:8px 10px;border-top:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
.routes tbody tr:hover{background:color-mix(in srgb,var(--accent) 5%,transparent)}
.routes th:nth-child(1){width:102px}.routes th:nth-child(3){width:19%}.routes th:nth-child(4){width:15%}.routes th:nth-child(5){width:62px}.routes th:nth-child(6){width:74px}.routes th:nth-child(7){width:17%}
.routes .path .place{display:block;font-size:12px}
.routes .path code{font-weight:600}
.routes td>.why{display:block;font-size:12px;line-height:1.35;margin-top:2px}
.method{font:650 11px/1.7 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;display:inline-block;padding:1px 7px;border-radius:5px;border:1px solid currentColor;color:var(--soft)}
.method.GET,.method.HEAD{color:var(--unsure)}.method.POST{color:var(--pass)}.method.PUT,.method.PATCH{color:var(--warn)}.method.DELETE{color:var(--fail)}
.problems>summary{display:inline-block;background:var(--fail-bg);color:var(--fail);border-radius:5px;padding:0 9px;font-weight:650;font-size:12px;line-height:1.8}
.problems>summary::after{content:" ▾"}
.problems ul{margin:6px 0 0;padding:0 0 0 14px;font-size:12.5px;line-height:1.4}

.finding>summary{display:grid;grid-template-columns:72px minmax(0,1fr) auto;gap:4px 12px;align-items:baseline;padding:9px 16px}
.finding .message{font-weight:550}
.finding>summary .badge{justify-self:start}
.finding>summary .place{font-size:12px;text-align:right;max-width:420px}
.finding:target,.question:target{border-color:var(--accent)}
.frame{background:var(--code);border:1px solid var(--line);border-radius:8px;padding:8px 0;margin:6px 0;overflow-x:auto;line-height:1.55}
.frame .row,.frame .note,.frame .gap{display:block;min-width:max-content;padding-right:14px}
.frame b{display:inline-block;width:46px;padding-right:14px;text-align:right;color:var(--soft);font-weight:400;opacity:.75;user-select:none}
.frame code{white-space:pre;font-size:1em}
.frame .gap::before{content:"⋮";display:inline-block;width:46px;padding-right:16px;text-align:right;color:var(--soft)}
.frame .keyword{color:var(--keyword)}.frame .string{color:var(--string)}.frame .comment{color:var(--comment);font-style:italic}
.frame .primary{background:var(--fail-bg);box-shadow:inset 0 -2px var(--fail)}
.frame .secondary{background:var(--unsure-bg);box-shadow:inset 0 -2px var(--unsure)}
.warning .frame .primary{background:var(--warn-bg);box-shadow:inset 0 -2px var(--warn)}
.info .frame .primary{background:var(--unsure-bg);box-shadow:inset 0 -2px var(--unsure)}
.frame .note{font-size:.94em}.frame .note.primary code{color:var(--fail)}.frame .note.secondary code{color:var(--unsure)}
.frame .note.primary,.frame .note.secondary{background:none;box-shadow:none}
.warning .frame .note.primary code{color:var(--warn)}
.trace{margin:8px 0;padding-left:26px;font-size:14px}
.trace li{padding:2px 0}
.route{margin-right:4px}
.clear{color:var(--pass);font-size:17px}
.question{padding:4px 18px 14px}
.question h3{margin:12px 0 2px}
.question .frame{padding:2px 0;margin:2px 0}
.question p{margin:0 0 4px}

.scroll{overflow:auto;max-height:82vh;background:var(--card);border:1px solid var(--line);border-radius:10px;margin:0 0 12px}
.graph{display:block}
.graph.fit{max-width:100%;height:auto}
.graph path{fill:none;stroke:var(--soft);opacity:.32}
.graph .includes{stroke:var(--accent);opacity:.45}
.graph rect{fill:var(--card);stroke:var(--line);stroke-width:1.2}
.graph text{fill:var(--ink);font:600 12px system-ui,sans-serif}
.graph .detail{fill:var(--soft);font-weight:400;font-size:10.5px}
.graph .app rect{fill:var(--accent);stroke:var(--accent)}
.graph .app text{fill:var(--paper)}
.graph .router rect{stroke:var(--accent)}
.graph .dependency rect{fill:var(--code)}
.graph .auth rect{fill:var(--pass-bg);stroke:var(--pass)}
.graph.lit :is(.node,path){opacity:.14}
.graph.lit .node.on{opacity:1}
.graph.lit path.on{opacity:.9}
.graph .node{transition:opacity .12s}
.legend{display:flex;flex-wrap:wrap;gap:6px 16px;margin:0 0 10px;font-size:13px;color:var(--soft)}
.legend span::before{content:"";display:inline-block;width:12px;height:12px;border-radius:3px;border:1.5px solid var(--line);margin-right:6px;vertical-align:-1px}
.legend .app::before{background:var(--accent);border-color:var(--accent)}
.legend .router::before{border-color:var(--accent)}
.legend .dependency::before{background:var(--code)}
.legend .auth::before{background:var(--pass-bg);border-color:var(--pass)}

@media screen and (max-width:820px){
header,main,footer{padding:0 14px}
.item>summary{grid-template-columns:22px minmax(0,1fr) auto;padding:11px 12px}
.item .bar{grid-column:2/4}
.numbers{grid-column:2/4;text-align:left}
.numbers b:first-child{margin-left:0}
.finding>summary{grid-template-columns:72px minmax(0,1fr);padding:9px 12px}
.finding>summary .place{grid-column:2;text-align:left;max-width:none}
.inside{padding:8px 12px 12px}
dl>div{grid-template-columns:1fr;gap:0}
.filters label{flex:1 1 40%}
.filters .check{flex-basis:100%}
.filters output{margin-left:0}
.graph.fit{max-width:none}
.routes,.routes tbody,.routes tr,.routes td{display:block}
.routes thead{display:none}
.routes tr{padding:9px 12px;border-top:1px solid var(--line)}
.routes tr:first-child{border-top:0}
.routes td{border:0;padding:2px 0}
.routes td[data-label]{display:flex;gap:10px}
.routes td:first-child{float:left;margin-right:9px}
.routes td[data-label]:empty{display:none}
.routes td[data-label]::before{content:attr(data-label);color:var(--soft);flex:0 0 78px;font-size:13px}
}
@media print{
:root,:root[data-theme=dark]{${LIGHT};color-scheme:light}
nav,.filters{display:none!important}
body{font-size:11px;background:#fff}
header,main,footer{max-width:none;padding:0}
.item,.finding,.question,.routes tr{break-inside:avoid;box-shadow:none}
h2,h3{break-after:avoid}
.routes th{position:static}
.scroll{max-height:none;overflow:visible;border:0}
.graph,.graph.fit{max-width:100%;height:auto}
.item>summary{grid-template-columns:22px minmax(0,1fr) 70px 90px 170px;padding:6px 10px}
.routes{font-size:10px}
.routes .path .place,.routes td>.why,.problems ul{font-size:8.5px}
dl,.things,.trace{font-size:11px}
.routes th,.routes td{padding:3px 6px}
.routes th:nth-child(1){width:76px}
.frame{overflow:visible}
.frame code{white-space:pre-wrap}
.frame .row,.frame .note{min-width:0}
details::details-content{content-visibility:visible;display:block}
}
`
