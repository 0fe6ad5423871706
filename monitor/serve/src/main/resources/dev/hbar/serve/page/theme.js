// Runs before anything is painted, so that a chosen theme does not flash.
const theme = localStorage.getItem('hbar.theme');
if (theme) document.documentElement.dataset.theme = theme;
