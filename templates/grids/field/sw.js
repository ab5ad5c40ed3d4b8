{# What the service worker of the phone pages keeps; what it does stands in the script it imports. Inputs: assets. #}
"use strict";
self.KEPT_FILES = [{% for address in assets %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
importScripts("{% static 'js/field/worker.js' %}");
