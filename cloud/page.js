(function(d,w){
var m=d.querySelector("main"),v=m.getAttribute("data-v"),s=null,t=0,n=0;
function put(x){
var p=new DOMParser().parseFromString(x,"text/html"),q=p.querySelector("main");
if(!q)return;
d.title=p.title;m.className=q.className;v=q.getAttribute("data-v")||v;
for(var i=0;i<q.children.length;i++){
var a=m.children[i],b=q.children[i];
if(!a)m.appendChild(b.cloneNode(true));
else if(a.id==b.id&&a.tagName==b.tagName){if(a.innerHTML!=b.innerHTML)a.innerHTML=b.innerHTML}
else m.replaceChild(b.cloneNode(true),a)}
while(m.children.length>q.children.length)m.removeChild(m.lastElementChild);
var f=p.querySelector("footer"),g=d.querySelector("footer");
if(f&&g)g.innerHTML=f.innerHTML}
function get(){fetch(w.location.href,{headers:{Accept:"text/html"}}).then(function(r){return r.text()}).then(function(x){n=0;put(x)},function(){n++})}
function poll(){clearTimeout(t);if(d.hidden)return;t=setTimeout(function(){get();poll()},Math.min(60,15+15*n)*1000)}
function live(){
if(d.hidden||s)return;
if(!w.EventSource)return poll();
s=new EventSource(w.location.href);
s.onmessage=function(e){if(e.data!=v)get()};
s.onerror=function(){if(s&&s.readyState==2){s=null;poll()}}}
d.addEventListener("visibilitychange",function(){
clearTimeout(t);
if(d.hidden){if(s){s.close();s=null}}else{get();live()}});
live()
})(document,window)
