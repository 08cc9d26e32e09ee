<?php
echo "events\n";
