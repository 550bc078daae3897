// Before the page is drawn, so that it does not flash in the other colours. The choice stays in this browser.
(function () {
  'use strict';
  let chosen = 'auto';
  try {
    chosen = localStorage.getItem('millrace-theme') || 'auto';
  } catch (e) {
    // storage is forbidden: the system's choice holds
  }
  const dark = matchMedia('(prefers-color-scheme: dark)');
  function apply(choice) {
    chosen = choice;
    document.documentElement.dataset.theme = choice === 'auto' ? (dark.matches ? 'dark' : 'light') : choice;
    document.dispatchEvent(new Event('themechange'));
  }
  dark.addEventListener('change', () => apply(chosen));
  window.millraceTheme = {
    chosen: () => chosen,
    choose(choice) {
      try {
        localStorage.setItem('millrace-theme', choice);
      } catch (e) {
        // it holds until the page is closed
      }
      apply(choice);
    },
  };
  apply(chosen);
}());
