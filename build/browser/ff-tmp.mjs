import puppeteer from 'puppeteer-core';
const url=process.argv[2];
const b=await puppeteer.launch({browser:'firefox',executablePath:'/usr/bin/firefox-esr',headless:true,args:['--no-sandbox']});
const p=await b.newPage(); p.on('console',m=>console.log('console',m.text().slice(0,300))); p.on('pageerror',e=>console.log('err',String(e).slice(0,300)));
await p.setViewport({width:1100,height:900});
await p.goto(url);
const t=Date.now(); let r; while(Date.now()-t<180000){ r=await p.evaluate(()=>document.querySelector('cw-check[data-done]')?document.querySelector('.cw-check-json').textContent:''); if(r) break; await new Promise(s=>setTimeout(s,500)); }
if(!r) r=await p.evaluate(()=>document.querySelector('cw-check')?.innerText);
const j=r[0]=="{"?JSON.parse(r).steps.map(s=>[s.result,s.name,s.words].join(' | ')).join('\n')+"\n"+JSON.parse(r).ok:r; console.log(j);
await p.screenshot({path:'/tmp/check-ff.png',fullPage:true}); await b.close();
