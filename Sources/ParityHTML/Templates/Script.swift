/// What the page does beyond standing there: without it everything is still read.
enum Script {
  static let text = """
    'use strict';(()=>{
    const table=document.getElementById('cases');if(!table)return;
    const body=table.tBodies[0],rows=[...body.rows],search=document.getElementById('search');
    const boxes=[...document.querySelectorAll('.filter input[type=checkbox]')];
    const shown=document.getElementById('shown');
    const verdict=row=>row.cells[0].textContent.trim();
    const filter=()=>{const text=search.value.toLowerCase();
    const off=new Set(boxes.filter(b=>!b.checked).map(b=>b.value));let count=0;
    for(const row of rows){const hide=off.has(verdict(row))||!row.textContent.toLowerCase().includes(text);
    row.hidden=hide;const part=document.getElementById(row.querySelector('a').hash.slice(1));
    if(part)part.hidden=hide;if(!hide)count++}
    shown.textContent=count===rows.length?'':count+' of '+rows.length+' cases shown'};
    search.addEventListener('input',filter);for(const box of boxes)box.addEventListener('change',filter);
    const worst=boxes.map(b=>b.value),numeric=[...table.tHead.rows[0].cells].map(c=>c.classList.contains('n'));
    const value=(row,column)=>{const text=row.cells[column].textContent.trim();
    if(column===0)return -worst.indexOf(text);if(!numeric[column])return text;
    return text==='∞'?Infinity:text==='–'?-Infinity:parseFloat(text)};
    table.tHead.querySelectorAll('button').forEach((button,column)=>button.addEventListener('click',()=>{
    const head=button.parentElement,down=head.getAttribute('aria-sort')!=='descending';
    for(const other of table.tHead.querySelectorAll('th'))other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort',down?'descending':'ascending');const sign=down?-1:1;
    body.append(...rows.sort((a,b)=>{const x=value(a,column),y=value(b,column);
    return sign*(x<y?-1:x>y?1:0)}))}));
    const open=()=>{const part=document.getElementById(location.hash.slice(1)),fold=part&&part.querySelector('details');
    if(fold)fold.open=true};
    addEventListener('hashchange',open);open();
    addEventListener('beforeprint',()=>document.querySelectorAll('details').forEach(d=>d.open=true));
    })();
    """
}
